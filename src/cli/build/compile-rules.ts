import { writeEdgeRules } from './edge-rules.ts'

const written = await writeEdgeRules({
  folder: 'rules',
  target: 'dist/worker/rules.json',
  err: (text) => process.stderr.write(text),
})
process.exitCode = written ? 0 : 1
