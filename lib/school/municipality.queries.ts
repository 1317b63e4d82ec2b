import 'server-only'
import { type Selectable, sql } from 'kysely'
import { asPublic, asStaff, database, type Trx } from '#db/client.ts'
import type { DB } from '#db/schema.ts'
import { holdsWords } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { isMunicipalitySlug } from '#lib/access/return-path.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { filePath } from '#lib/files/file-type.ts'
import { shortLived } from '#lib/kernel/ttl-cache.ts'
import type { Municipality, MunicipalityChoice } from './municipality.ts'
import type { OwnData } from './office/settings.fields.ts'
import { type MunicipalitySettings, NO_SETTINGS } from './settings.ts'

const MOST_CHOICES = 50
/** What an office has just saved is what everybody reads a second later. */
const SETTINGS_SECONDS = 1

/**
 * The municipalities whose name holds the words of `search` (all when empty), in alphabetical order, 50 at most.
 * Municipality and operator are the only tables that anyone reads outside a municipality's scope.
 */
export function listMunicipalities(search: string): Promise<MunicipalityChoice[]> {
  return database()
    .selectFrom('municipality as m')
    .innerJoin('operator as o', 'o.id', 'm.operator_id')
    .select(['m.id', 'm.slug', 'm.name', 'm.province', 'o.name as operatorName'])
    .where('m.active', '=', true)
    .$if(search !== '', (query) => query.where(holdsWords(sql`m.search_key`, search)))
    .orderBy('m.name')
    .limit(MOST_CHOICES)
    .execute()
}

const cachedMunicipality = shortLived(
  SETTINGS_SECONDS,
  async (slug: string): Promise<Municipality | null> => {
    const row = await database()
      .selectFrom('municipality as m')
      .innerJoin('operator as o', 'o.id', 'm.operator_id')
      .select([
        'm.id',
        'm.slug',
        'm.name',
        'm.province',
        'm.region',
        'm.street',
        'm.postcode',
        'm.fiscal_code',
      ])
      .select(['m.phone', 'm.email', 'm.pec'])
      .select([
        'o.name as operatorName',
        'o.vat_number as operatorVat',
        'o.phone as operatorPhone',
        'o.email as operatorEmail',
        'o.street as operatorStreet',
        'o.postcode as operatorPostcode',
        'o.city as operatorCity',
        'o.province as operatorProvince',
      ])
      .where('m.slug', '=', slug)
      .where('m.active', '=', true)
      .executeTakeFirst()
    if (!row) return null
    return {
      id: row.id,
      slug: row.slug,
      name: row.name,
      province: row.province,
      region: row.region,
      address: `${row.street}, ${row.postcode} ${row.name} (${row.province})`,
      street: row.street,
      postcode: row.postcode,
      fiscalCode: row.fiscal_code,
      phone: row.phone,
      email: row.email,
      pec: row.pec,
      operator: {
        name: row.operatorName,
        address: `${row.operatorStreet}, ${row.operatorPostcode} ${row.operatorCity} (${row.operatorProvince})`,
        vatNumber: row.operatorVat,
        phone: row.operatorPhone,
        email: row.operatorEmail,
      },
      settings: await asPublic(row.id, (trx) => readSettings(trx, row.id, row.slug)),
    }
  },
)

const SETTINGS_COLUMNS = [
  's.colour',
  's.office_hours',
  's.dpo_name',
  's.dpo_email',
  's.security_contact',
  's.site_url',
  's.transparency_url',
  's.accessibility_declaration_url',
  's.accessibility_goals_url',
  's.appointment_url',
  's.report_url',
] as const

async function readSettings(trx: Trx, municipalityId: string, slug: string): Promise<MunicipalitySettings> {
  const row = await trx
    .selectFrom('municipality_settings as s')
    .leftJoin('stored_file as f', (join) =>
      join.on('f.municipality_id', '=', municipalityId).onRef('f.id', '=', 's.coat_of_arms_id'),
    )
    .select(SETTINGS_COLUMNS)
    .select(['f.id as fileId', 'f.name as fileName'])
    .where('s.municipality_id', '=', municipalityId)
    .executeTakeFirst()
  if (!row) return NO_SETTINGS
  return {
    ...settingsFrom(row),
    coatOfArms: row.fileId && row.fileName ? filePath(slug, { id: row.fileId, name: row.fileName }) : null,
  }
}

type SettingsRow = Omit<
  Selectable<DB['municipality_settings']>,
  'coat_of_arms_id' | 'municipality_id' | 'updated_at' | 'updated_by' | 'revision'
>

function settingsFrom(row: SettingsRow): Omit<MunicipalitySettings, 'coatOfArms'> {
  return {
    colour: row.colour,
    officeHours: row.office_hours,
    dpoName: row.dpo_name,
    dpoEmail: row.dpo_email,
    securityContact: row.security_contact,
    siteUrl: row.site_url,
    transparencyUrl: row.transparency_url,
    accessibilityDeclarationUrl: row.accessibility_declaration_url,
    accessibilityGoalsUrl: row.accessibility_goals_url,
    appointmentUrl: row.appointment_url,
    reportUrl: row.report_url,
  }
}

/** The settings as they are now, for the people who change them. `revision` 0: never saved yet. */
export type SettingsNow = { own: OwnData; revision: number; savedBy: string | null }

/** What the settings form starts from, straight from the database; null for a viewer who may not change it. */
export async function settingsNow(viewer: Viewer): Promise<SettingsNow | null> {
  if (!allowedToStaff(viewer, 'settings:manage')) return null
  return asStaff(viewer, (trx) => readSettingsNow(trx, viewer.municipalityId, { lock: false }))
}

/** The same in the caller's transaction; locked, a simultaneous save waits. */
export async function readSettingsNow(
  trx: Trx,
  municipalityId: string,
  { lock }: { lock: boolean },
): Promise<SettingsNow> {
  const own = await trx
    .selectFrom('municipality')
    .select(['name', 'street', 'postcode', 'email', 'pec', 'phone'])
    .where('id', '=', municipalityId)
    .$if(lock, (query) => query.forNoKeyUpdate())
    .executeTakeFirstOrThrow()
  const row = await trx
    .selectFrom('municipality_settings as s')
    .leftJoin('person as p', (join) =>
      join.on('p.municipality_id', '=', municipalityId).onRef('p.id', '=', 's.updated_by'),
    )
    .select(SETTINGS_COLUMNS)
    .select(['s.revision', 'p.full_name as savedBy'])
    .where('s.municipality_id', '=', municipalityId)
    .executeTakeFirst()
  const { coatOfArms: _, ...none } = NO_SETTINGS
  return {
    own: { ...own, ...(row ? settingsFrom(row) : none) },
    revision: row?.revision ?? 0,
    savedBy: row?.savedBy ?? null,
  }
}

/** The municipality with this name in its addresses; null when there is none, or it is not active. */
export async function municipalityBySlug(slug: string): Promise<Municipality | null> {
  return isMunicipalitySlug(slug) ? cachedMunicipality(slug) : null
}

/** A column of a school's week, as a change that has begun has it. */
const nowOrNext = <T>(column: 'weekdays' | 'cutoff_time' | 'cutoff_days_before') =>
  sql<T>`case when t.next_from <= app_today() then ${sql.ref(`t.next_${column}`)} else ${sql.ref(`t.${column}`)} end`

/** The school year that is running or, in summer, the one that comes. */
export function schedulesOfYear(trx: Trx, municipalityId: string, serviceId: string) {
  const year = trx
    .selectFrom('school_year')
    .select('id')
    .where('municipality_id', '=', municipalityId)
    .where('ends_on', '>=', sql<string>`app_today()`)
    .orderBy('starts_on')
    .limit(1)
  return trx
    .selectFrom('service_schedule as t')
    .innerJoin('school as s', (join) =>
      join.on('s.municipality_id', '=', municipalityId).onRef('s.id', '=', 't.school_id'),
    )
    .innerJoin('school_year as y', (join) =>
      join.on('y.municipality_id', '=', municipalityId).onRef('y.id', '=', 't.school_year_id'),
    )
    .select([
      's.name',
      's.kind',
      nowOrNext<number[]>('weekdays').as('weekdays'),
      nowOrNext<string>('cutoff_time').as('cutoffTime'),
      nowOrNext<number>('cutoff_days_before').as('cutoffDaysBefore'),
      't.starts_on as startsOn',
      't.ends_on as endsOn',
      'y.name as yearName',
    ])
    .where('t.municipality_id', '=', municipalityId)
    .where('t.service_id', '=', serviceId)
    .where('t.school_year_id', '=', year)
    .orderBy('s.kind')
    .orderBy('s.name')
    .execute()
}

const SECURITY_TXT_DAYS = 180

/** Whom to tell about a weakness: each municipality's own contact, or else its e-mail; and until when to believe it. */
export async function securityContacts(): Promise<{ contacts: string[]; expires: Date }> {
  const [choices, { rows }] = await Promise.all([
    listMunicipalities(''),
    sql<{ expires: Date }>`select app_now() + make_interval(days => ${SECURITY_TXT_DAYS}) as expires`.execute(
      database(),
    ),
  ])
  const municipalities = await Promise.all(choices.map((choice) => municipalityBySlug(choice.slug)))
  const contacts = municipalities.flatMap((municipality) =>
    municipality ? [municipality.settings.securityContact || `mailto:${municipality.email}`] : [],
  )
  return { contacts: [...new Set(contacts)], expires: (rows[0] as { expires: Date }).expires }
}
