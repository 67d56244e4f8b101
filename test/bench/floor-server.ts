import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { openLibsql } from '../../src/storage/libsql-database.ts'

/** The least a durable POST can cost here: Hono, one JSON body, one libSQL insert with the same pragmas as the product. */
const [file = ''] = process.argv.slice(2)
const { driver } = await openLibsql(`file:${file}`)
await driver.all({
  sql: 'CREATE TABLE posts (id INTEGER PRIMARY KEY, body TEXT NOT NULL)',
  args: [],
})

const app = new Hono()
app.post('/', async (c) => {
  const body = await c.req.json()
  const sql = 'INSERT INTO posts (body) VALUES (?) RETURNING id'
  const [row] = await driver.all({ sql, args: [JSON.stringify(body)] })
  return c.json({ id: row?.id }, 201)
})
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.stdout.write(`floor at http://127.0.0.1:${port}\n`)
})
