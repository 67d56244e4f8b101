import { hash32, memberHashes } from '../../src/risk/velocity/distinct.ts'
import { Fingerprint } from '../../src/storage/memory/velocity-subjects.ts'
import { SUBJECT_KINDS } from '../../src/domain/subjects.ts'
import { MemoryVelocityStore } from '../../src/storage/memory/velocity-store.ts'
const ACCOUNT = 'AC0123456789abcdef0123456789abcdef'
const hex = (t: string) => [1, 2, 3, 4].map((l) => (hash32(`${l}${t}`) >>> 0).toString(16).padStart(8, '0')).join('')
function subjectsOf(person: number) {
  const number = `+44${7_000_000_000 + person * 37}`
  const own = (kind: string, value: string): string => `${ACCOUNT}:${hex(`${kind}:${value}`)}`
  return { phone: own('phone', number), phone_any: hex(number), ip: own('ip', String(person % 60_000)), net: own('net', String(person % 4_000)), device: own('device', String(person)), client: own('client', String(person % 300)), range2: `${ACCOUNT}:${number.slice(0, -2)}`, range3: `${ACCOUNT}:${number.slice(0, -3)}`, range4: `${ACCOUNT}:${number.slice(0, -4)}`, carrier: `${ACCOUNT}:GB:carrier ${person % 4}`, country: `${ACCOUNT}:GB`, asn: `${ACCOUNT}:${person % 200}`, account: ACCOUNT }
}
const cpu = () => process.cpuUsage().user
const all = Array.from({ length: 50000 }, (_, i) => subjectsOf(i))
const f = new Fingerprint()
let x = 0
for (const pass of [1, 2, 3]) {
  let t = cpu()
  for (const s of all) for (const k of SUBJECT_KINDS) { f.take(k, s[k]); x ^= f.left ^ f.right }
  console.log(pass, 'fingerprint x13', (cpu() - t) / all.length)
  t = cpu()
  for (const s of all) { const m = memberHashes({ atMs: 0, subjects: s, country: 'GB' }); x ^= m.phones! ^ m.ips! }
  console.log(pass, 'members', (cpu() - t) / all.length)
}
const store = new MemoryVelocityStore()
const rows = (store as any).state.rows, sets = (store as any).state.sets, state = (store as any).state
const per = Number(process.argv[2] ?? 20)
let at = Date.UTC(2025, 0, 6)
for (let r = 0; r < 3; r++) {
  let t = cpu()
  for (const s of all) { at += 60000 / per; store.observeNow({ atMs: at, subjects: s, country: 'GB' }) }
  console.log('observe', (cpu() - t) / all.length)
  t = cpu()
  for (const s of all) { store.recordNow({ kind: 'sent', atMs: at, sentAtMs: at, subjects: s, price: 1000 as any }) }
  console.log('record', (cpu() - t) / all.length)
}
const m = Math.floor(at / 60000)
const slots = all.map((s) => SUBJECT_KINDS.map((k) => { f.take(k, s[k]); return state.table.find(f.left, f.right) }))
for (let r = 0; r < 2; r++) {
  let t = cpu()
  for (const s of all) for (const k of SUBJECT_KINDS) { f.take(k, s[k]); x ^= state.table.find(f.left, f.right) }
  console.log('fp+find', (cpu() - t) / all.length)
  t = cpu()
  for (const s of slots) for (const k of s) { x ^= rows.sums(k, m).asks10m }
  console.log('sums', (cpu() - t) / all.length)
  t = cpu()
  for (const s of slots) for (const k of s) { for (let w = 0; w < 3; w++) x ^= sets.observe(sets.setOf(k, w), undefined, Math.floor(m / 60)) }
  console.log('estimates', (cpu() - t) / all.length)
}
console.log(x)
