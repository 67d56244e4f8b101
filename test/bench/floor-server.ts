import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { openLibsql } from '../../src/storage/libsql-database.ts'

/**
 * The least a durable POST can cost here: Hono, one JSON body, one libSQL insert with the same pragmas as the product. `plain`
 * inserts as anybody would with @libsql/client, one commit each; `shared` through our own driver, where inserts that
 * wait at the same moment share a commit.
 */
const [file = '', mode = 'plain'] = process.argv.slice(2)
const { client, driver } = await openLibsql(`file:${file}`)
const create = 'CREATE TABLE IF NOT EXISTS posts (id INTEGER PRIMARY KEY, body TEXT NOT NULL)'
await client.execute(create)

const sql = 'INSERT INTO posts (body) VALUES (?) RETURNING id'
const insert =
  mode === 'plain'
    ? async (body: string) => (await client.execute({ sql, args: [body] })).rows[0]?.id
    : async (body: string) => (await driver.all({ sql, args: [body] }))[0]?.id

const app = new Hono()
app.post('/', async (c) => c.json({ id: await insert(JSON.stringify(await c.req.json())) }, 201))
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.stdout.write(`floor at http://127.0.0.1:${port}\n`)
})
