import 'server-only'
import { sql } from 'kysely'
import { asStaff } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { accountsOfHouseholds } from '../account.queries.ts'
import type { StatementFilters } from '../statement.address.ts'
import {
  childrenOf,
  countMovements,
  forStatement,
  movementsOf,
  STATEMENT_PAGE_SIZE,
  type Statement,
} from '../statement.queries.ts'

/** The account of a household as the office reads it: from its first movement, under each of its holders. */
export type HouseholdStatement = Omit<Statement, 'uncharged'> & { householdName: string }

/**
 * One page of the movements of a household's account, the newest first, each with the balance that it left; the reading is written
 * down. Null for who reads no money, and where the household has no such account or child.
 */
export async function householdStatement(
  viewer: Viewer,
  householdId: string,
  filters: StatementFilters,
): Promise<HouseholdStatement | null> {
  if (!allowedToStaff(viewer, 'money:read') || !isUuid(householdId)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const accounts = await accountsOfHouseholds(trx, municipalityId, [householdId])
    const account = filters.accountId ? accounts.find(({ id }) => id === filters.accountId) : accounts[0]
    if (!account) return null
    const shown = { municipalityId, id: account.id, since: null }
    const window = { limit: STATEMENT_PAGE_SIZE, offset: (filters.page - 1) * STATEMENT_PAGE_SIZE }
    const [children, found, movements, households] = await Promise.all([
      childrenOf(trx, municipalityId, householdId),
      countMovements(trx, shown, filters),
      movementsOf(trx, shown, filters, window),
      sql<{ name: string }>`select h.name from household h
        where h.municipality_id = ${municipalityId} and h.id = ${householdId}::uuid`.execute(trx),
    ])
    if (filters.pupilId && !children.some(({ pupilId }) => pupilId === filters.pupilId)) return null
    await recordAudit(trx, viewer, {
      action: 'ledger:statement-read',
      objectType: 'household',
      objectId: householdId,
      details: { movements: found.total },
    })
    return {
      account: forStatement(account),
      accounts: accounts.map(forStatement),
      serviceName: account.serviceName,
      householdName: households.rows[0]?.name ?? '',
      children,
      movements,
      total: found.total,
      asOf: found.now,
    }
  })
}
