declare module '*.yaml' {
  const text: string
  export default text
}
declare module '*.csv' {
  const text: string
  export default text
}
declare module '*.txt' {
  const text: string
  export default text
}
declare module 'cloudflare:workers' {
  export function waitUntil(task: Promise<unknown>): void
}
