/** Whether the address of a database names several computers, as libpq would try them in turn; `pg` cannot. */
export function namesSeveralComputers(url: string): boolean {
  const [address = '', query = ''] = url.split('?', 2)
  const authority = address.split('/')[2] ?? ''
  const computers = authority.slice(authority.lastIndexOf('@') + 1)
  return [computers, ...new URLSearchParams(query).getAll('host')].some((names) => names.includes(','))
}

export const ONE_COMPUTER =
  'nomina più computer, e il portale ne vuole uno solo: dagli un indirizzo che segue il primario (PgBouncer, HAProxy o un IP mobile, docs/operations.md)'
