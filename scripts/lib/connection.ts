import pg from 'pg'

type Options = { timeoutMs?: number; queryTimeoutMs?: number; name?: string }

/** One connection. Losing it makes the next query fail; losing it while idle does not end the process. */
export async function connect(
  url: string,
  { timeoutMs = 5_000, queryTimeoutMs = 0, name = 'refettorio' }: Options = {},
): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: queryTimeoutMs,
    application_name: name,
    keepAlive: true,
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** A connection for the time of `work`. */
export async function withConnection<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url)
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
