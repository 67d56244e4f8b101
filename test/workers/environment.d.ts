declare module 'cloudflare:workers' {
  /** What the configuration of the tests binds. */
  export const env: { readonly DB: import('../../src/storage/d1-database.ts').D1Like }
  /** The Worker's own entry. */
  export const exports: {
    readonly default: { fetch(url: string, init: RequestInit): Promise<Response> }
  }
}
