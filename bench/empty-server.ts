import { createServer } from 'node:http'
import next from 'next'

/**
 * Serves the built empty page as the portal serves its own pages: Next behind `node:http`, in one process.
 * Usage: node bench/empty-server.ts <folder> <port>
 */
const [dir = '', port = '0'] = process.argv.slice(2)
const app = next({ dev: false, dir, port: Number(port), hostname: '127.0.0.1' })
await app.prepare()
const handle = app.getRequestHandler()
createServer((request, response) => void handle(request, response)).listen(Number(port), '127.0.0.1', () =>
  process.send?.('ready'),
)
