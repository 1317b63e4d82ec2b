import 'server-only'
import { sql } from 'kysely'
import { asFamily, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { familyScope, isInScope } from '#lib/access/pupil-scope.queries.ts'
import type { FamilyRole, Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { ADDRESS_COLUMNS } from '#lib/invoices/invoice-record.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { OwnWeekdays } from '#lib/school/enrolment.ts'
import { priceNow } from '#lib/tariffs/price.ts'
import { childrenFares, tariffsOf } from '#lib/tariffs/tariff.queries.ts'
import {
  addressInWords,
  byRelevance,
  enrolmentState,
  type Household,
  type HouseholdMember,
  type HouseholdPupil,
} from './household.ts'

/**
 * The viewer's households: pupils with their enrolments, and the adults. Of money only what a child's meal costs, and only
 * for the holder. A diet's meaning is read for the holder only, and that reading is written in the register.
 */
export async function householdsOf(viewer: Viewer): Promise<Household[]> {
  const own = viewer.memberships.filter((m) => allowedToFamily(viewer, 'household:read', m.householdId))
  if (own.length === 0) return []
  const ids = own.map((membership) => membership.householdId)
  const holds = own.filter((membership) => membership.role === 'holder').map((m) => m.householdId)
  return asFamily(viewer, async (trx) => {
    const [households, members, ownData, pupils, enrolments, prices] = await Promise.all([
      readHouseholds(trx, viewer, ids),
      readMembers(trx, viewer, ids),
      readOwnData(trx, viewer),
      readPupils(trx, viewer),
      readEnrolments(trx, viewer, holds),
      readPrices(trx, viewer, holds),
      ...holds.map((householdId) => recordDietRead(trx, viewer, householdId)),
    ])
    return households.map(({ id, name }): Household => {
      const role = own.find((membership) => membership.householdId === id)?.role as FamilyRole
      return {
        id,
        name,
        ownRole: role,
        members: members
          .filter((row) => row.householdId === id)
          .map((row) => memberFrom(row, ownData, viewer)),
        pupils: pupils
          .filter((row) => row.householdId === id)
          .map((row) => pupilFrom(row, enrolments, prices)),
      }
    })
  })
}

const recordDietRead = (trx: Trx, viewer: Viewer, householdId: string) =>
  recordAudit(trx, viewer, { action: 'diet.read', objectType: 'household', objectId: householdId })

function readHouseholds(trx: Trx, viewer: Viewer, ids: string[]) {
  return trx
    .selectFrom('household')
    .select(['id', 'name'])
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', 'in', ids)
    .orderBy('name')
    .execute()
}

type MemberRow = Awaited<ReturnType<typeof readMembers>>[number]

function readMembers(trx: Trx, viewer: Viewer, ids: string[]) {
  return trx
    .selectFrom('active_member as m')
    .innerJoin('person_name as n', (join) =>
      join.on('n.municipality_id', '=', viewer.municipalityId).onRef('n.id', '=', 'm.person_id'),
    )
    .select(['m.household_id as householdId', 'm.role', 'm.valid_from as since'])
    .select(['m.person_id as personId', 'n.full_name'])
    .where('m.municipality_id', '=', viewer.municipalityId)
    .where('m.household_id', 'in', ids)
    .orderBy('m.role', 'desc')
    .orderBy('n.given_name')
    .execute()
}

type OwnRow = Awaited<ReturnType<typeof readOwnData>>

/** Code and contacts: only the person's own. */
function readOwnData(trx: Trx, viewer: Viewer) {
  return trx
    .selectFrom('person')
    .select(['fiscal_code', 'email', 'phone', 'phone_verified_at'])
    .select(ADDRESS_COLUMNS)
    .where('municipality_id', '=', viewer.municipalityId)
    .where('id', '=', viewer.personId)
    .executeTakeFirstOrThrow()
}

function memberFrom(row: MemberRow, own: OwnRow, viewer: Viewer): HouseholdMember {
  const isViewer = row.personId === viewer.personId
  return {
    personId: row.personId,
    name: row.full_name,
    role: row.role,
    since: row.since,
    isViewer,
    personal: isViewer
      ? {
          fiscalCode: own.fiscal_code,
          email: own.email,
          phone: own.phone ? { number: own.phone, isVerified: own.phone_verified_at !== null } : null,
          address: addressInWords(own),
        }
      : null,
  }
}

type PupilRow = Awaited<ReturnType<typeof readPupils>>[number]

function readPupils(trx: Trx, viewer: Viewer) {
  return trx
    .selectFrom('pupil')
    .select(['id', 'household_id as householdId', 'given_name', 'full_name', 'birth_date as birthDay'])
    .where('municipality_id', '=', viewer.municipalityId)
    .where(isInScope('pupil', familyScope(viewer)))
    .orderBy('given_name')
    .execute()
}

type EnrolmentRow = Awaited<ReturnType<typeof readEnrolments>>[number]

function readEnrolments(trx: Trx, viewer: Viewer, holds: string[]) {
  const dietName = sql<string | null>`case when p.household_id = any(${holds}::uuid[]) then d.name end`
  const held = sql`select h.severe from diet_hold h where h.municipality_id = ${viewer.municipalityId} and h.pupil_id = e.pupil_id
    and h.since <= e.valid_to and (h.until is null or h.until >= greatest(e.valid_from, app_today())) and e.valid_to >= app_today()`
  const asked = sql<boolean>`exists (${held})`
  const severe = sql<boolean>`((e.severe_reaction or coalesce((select bool_or(asking.severe) from (${held}) asking), false))
    and p.household_id = any(${holds}::uuid[]))`
  return trx
    .selectFrom('enrolment as e')
    .innerJoin('pupil as p', (join) =>
      join.on('p.municipality_id', '=', viewer.municipalityId).onRef('p.id', '=', 'e.pupil_id'),
    )
    .innerJoin('service as v', (join) =>
      join.on('v.municipality_id', '=', viewer.municipalityId).onRef('v.id', '=', 'e.service_id'),
    )
    .innerJoin('school as s', (join) =>
      join.on('s.municipality_id', '=', viewer.municipalityId).onRef('s.id', '=', 'e.school_id'),
    )
    .innerJoin('school_class as c', (join) =>
      join.on('c.municipality_id', '=', viewer.municipalityId).onRef('c.id', '=', 'e.school_class_id'),
    )
    .innerJoin('school_year as y', (join) =>
      join.on('y.municipality_id', '=', viewer.municipalityId).onRef('y.id', '=', 'e.school_year_id'),
    )
    .innerJoin('diet as d', (join) =>
      join.on('d.municipality_id', '=', viewer.municipalityId).onRef('d.code', '=', 'e.diet_code'),
    )
    .select(['e.pupil_id as pupilId', 'v.name as serviceName', 's.name as schoolName', 'c.name as className'])
    .select(['y.name as yearName', 'e.diet_code as dietCode', 'e.valid_from as from', 'e.valid_to as to'])
    .select(sql<OwnWeekdays>`e.weekdays`.as('weekdays'))
    .select([
      severe.as('severe'),
      asked.as('asked'),
      dietName.as('dietName'),
      sql<Day>`app_today()`.as('today'),
    ])
    .where('e.municipality_id', '=', viewer.municipalityId)
    .where(isInScope('p', familyScope(viewer)))
    .execute()
}

type PriceRow = HouseholdPupil['prices'][number] & { pupilId: string }

/** What a meal of each child costs, for the households in which the viewer pays. */
async function readPrices(trx: Trx, { municipalityId }: Viewer, holds: string[]): Promise<PriceRow[]> {
  if (holds.length === 0) return []
  const [tariffs, children, services, { today }] = await Promise.all([
    tariffsOf(trx, municipalityId),
    childrenFares(trx, municipalityId, holds),
    trx
      .selectFrom('service')
      .select(['id', 'name'])
      .where('municipality_id', '=', municipalityId)
      .orderBy('name')
      .execute(),
    readClock(trx),
  ])
  return services.flatMap(({ id, name }) =>
    children
      .filter(({ serviceId }) => serviceId === id)
      .flatMap(({ pupilId, fares }) => {
        const price = priceNow(tariffs(id), fares, today)
        return price ? [{ pupilId, serviceName: name, price }] : []
      }),
  )
}

function pupilFrom(row: PupilRow, enrolments: EnrolmentRow[], prices: PriceRow[]): HouseholdPupil {
  return {
    id: row.id,
    name: row.full_name,
    givenName: row.given_name,
    prices: prices
      .filter(({ pupilId }) => pupilId === row.id)
      .map(({ serviceName, price }) => ({ serviceName, price })),
    birthDay: row.birthDay,
    enrolments: enrolments
      .filter((enrolment) => enrolment.pupilId === row.id)
      .map(({ pupilId: _, today, ...enrolment }) => ({
        ...enrolment,
        state: enrolmentState(enrolment, today),
      }))
      .sort(byRelevance),
  }
}
