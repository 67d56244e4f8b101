import Connection from 'libsql'
import { guarded, type Row, type SqlDriver, type SqlValue, type Statement } from './database.ts'

/** Queries of lists differ by their filters; beyond so many kept statements the least recently made goes. */
const STATEMENTS_KEPT = 300

/** So many writes share one commit at most; a commit holds the event loop while they run. */
const JOBS_PER_COMMIT = 64

/** Turns of the event loop that a commit waits for company. */
const LOOKS_MAX = 8

/** Answers at once what only reads; everything else waits for its commit. */
const ONLY_READS = /^\s*(?:SELECT|PRAGMA|EXPLAIN)\b/i

type Job = {
  readonly statements: readonly Statement[]
  readonly resolve: (rows: readonly (readonly Row[])[]) => void
  readonly reject: (error: unknown) => void
}
type Done = () => void

export type FileDriver = SqlDriver & { close(): void }

/**
 * One connection to an embedded file that keeps its statements compiled, which is most of the cost of a short
 * transaction. Writes that wait at the same moment share one commit, because the disk's promise costs the same for one
 * as for many: each is still all or nothing by its savepoint, and none is answered before the commit.
 */
export function openLibsqlFile(path: string, pragmas: readonly string[]): FileDriver {
  const connection = new Connection(path)
  for (const pragma of pragmas) connection.exec(`PRAGMA ${pragma}`)
  const run = compiledRunner(connection)
  let waiting: Job[] = []

  let seen = 0
  let turns = 0

  /** Looks again while more comes in: under load a commit is then shared by more, and a lone write waits for one look. */
  const gather = (): void => {
    if (waiting.length > seen && waiting.length < JOBS_PER_COMMIT && turns < LOOKS_MAX) {
      seen = waiting.length
      turns++
      setImmediate(gather)
      return
    }
    seen = 0
    turns = 0
    flush()
  }
  const flush = (): void => {
    if (waiting.length === 0) return
    const jobs = waiting.slice(0, JOBS_PER_COMMIT)
    waiting = waiting.slice(JOBS_PER_COMMIT)
    if (waiting.length > 0) setImmediate(gather)
    commitTogether(connection, run, jobs)
  }
  const write = (statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(gather)
      waiting.push({ statements, resolve, reject })
    })
  return {
    all: async (statement) => {
      if (ONLY_READS.test(statement.sql)) return guarded(attempt(() => run(statement)))
      return (await guarded(write([statement])))[0] ?? []
    },
    batch: (statements) => guarded(write(statements)),
    close: () => {
      while (waiting.length > 0) flush()
      connection.close()
    },
  }
}

type Run = (statement: Statement) => readonly Row[]

async function attempt<T>(step: () => T): Promise<T> {
  return step()
}

/** A lone job needs no savepoint. When the transaction itself is lost, so is everybody in it. */
function commitTogether(connection: Connection.Database, run: Run, jobs: readonly Job[]): void {
  const done: Done[] = []
  try {
    run(plain('BEGIN IMMEDIATE'))
    for (const job of jobs) done.push(jobs.length === 1 ? runAll(run, job) : runSaved(run, job))
    run(plain('COMMIT'))
  } catch (error) {
    if (connection.inTransaction) run(plain('ROLLBACK'))
    for (const job of jobs) job.reject(error)
    return
  }
  for (const tell of done) tell()
}

function runAll(run: Run, { statements, resolve }: Job): Done {
  const rows = statements.map(run)
  return () => resolve(rows)
}

function runSaved(run: Run, job: Job): Done {
  run(plain('SAVEPOINT job'))
  try {
    const done = runAll(run, job)
    run(plain('RELEASE job'))
    return done
  } catch (error) {
    run(plain('ROLLBACK TO job'))
    run(plain('RELEASE job'))
    return () => job.reject(error)
  }
}

const plain = (sql: string): Statement => ({ sql, args: [] })

type Compiled = { readonly statement: Connection.Statement<SqlValue[][]>; readonly reads: boolean }

function compiledRunner(connection: Connection.Database): Run {
  const kept = new Map<string, Compiled>()
  const compile = (sql: string): Compiled => {
    const statement = connection.prepare<SqlValue[][]>(sql)
    const compiled = { statement, reads: statement.reader }
    kept.set(sql, compiled)
    const [oldest] = kept.keys()
    if (kept.size > STATEMENTS_KEPT && oldest !== undefined) kept.delete(oldest)
    return compiled
  }
  return ({ sql, args }) => {
    const { statement, reads } = kept.get(sql) ?? compile(sql)
    if (reads) return statement.all([...args]) as Row[]
    statement.run([...args])
    return []
  }
}
