import { compileCondition } from '../dist/worker/conditions.js'
import compiled from '../dist/worker/rules.json'
import { openCompiledRules } from './config/compiled-rules.ts'
import type { RulesFiles } from './config/placed-data.ts'

/** The rules folder as it was when the Worker was built: wrangler runs `src/cli/build/prepare-edge.ts` first. */
export const WORKER_RULES: RulesFiles = openCompiledRules(compiled, compileCondition)
