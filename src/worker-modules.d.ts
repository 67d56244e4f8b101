/** Made by `src/cli/build/prepare-edge.ts`; a fresh checkout does not have them yet. */
declare module '*/dist/worker/rules.json' {
  const compiled: import('./config/compiled-rules.ts').CompiledRules
  export default compiled
}
declare module '*/dist/worker/conditions.js' {
  export const compileCondition: import('./risk/condition.ts').CompileCondition
}
declare module 'cloudflare:workers' {
  export function waitUntil(task: Promise<unknown>): void
}
