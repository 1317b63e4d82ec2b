import { withConnection } from '#scripts/lib/connection.ts'

/** Receipts in the database. */
export const receiptsIn = (ownerUrl: string): Promise<number> =>
  withConnection(ownerUrl, async (client) => {
    const { rows } = await client.query<{ n: number }>('select count(*)::int as n from absence_receipt')
    return rows[0]?.n ?? 0
  })

/** Checks that every confirmed change is in the database, and that every journal sums to zero. */
export const faultsAfter = (ownerUrl: string, receiptsBefore: number, confirmed: number): Promise<string[]> =>
  withConnection(ownerUrl, async (client) => {
    const written = (await receiptsIn(ownerUrl)) - receiptsBefore
    const { rows } = await client.query<{ n: number }>(`
      select count(*)::int as n from (
        select from entry group by municipality_id, journal_id having sum(amount_cents) <> 0) unbalanced`)
    const unbalanced = rows[0]?.n ?? 0
    return [
      ...(written < confirmed ? [`${confirmed - written} confirmed changes were not written`] : []),
      ...(unbalanced > 0 ? [`${unbalanced} journals do not sum to zero`] : []),
    ]
  })
