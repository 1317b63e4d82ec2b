/** Role of web and worker: owns nothing, subject to row-level security. */
export const WEB_ROLE = 'refettorio_web'

/**
 * What the server does for every connection of the runtime role. They belong to the role, so that they hold behind a pooler
 * too: a default PgBouncer refuses a client that sends them, and one that is told to ignore them drops them in silence.
 * A named statement keeps its generic plan: every query goes by key, and a custom plan for each pupil's id would cost three
 * times the query.
 */
export const WEB_SETTINGS = {
  statement_timeout: '8s',
  lock_timeout: '6s',
  idle_in_transaction_session_timeout: '10s',
  transaction_timeout: '1min',
  plan_cache_mode: 'force_generic_plan',
} as const

/** The statements that give the runtime role its settings: for who makes the roles. */
export const webRoleStatements = (): string[] =>
  Object.entries(WEB_SETTINGS).map(([name, value]) => `alter role ${WEB_ROLE} set ${name} = '${value}'`)

/**
 * The same for a migration, whose role may not be allowed to: then who made the roles has set them, and web and worker
 * refuse to start where that was forgotten.
 */
export const webRoleDefinition = (): string => `
  do $$ begin
    ${webRoleStatements().join(';\n    ')};
  exception when insufficient_privilege then null;
  end $$`

/** A setting that is not in force on a connection. */
export type SettingFault = { name: string; wanted: string; found: string }

/** One statement on the connection in question. */
export type Ask = (text: string, values: unknown[]) => Promise<{ rows: unknown[] }>

/** Which settings are not in force. A time-out may be shorter than wanted, and must be there. */
export async function settingFaults(
  ask: Ask,
  settings: Readonly<Record<string, string>>,
): Promise<SettingFault[]> {
  const { rows } = await ask(
    `select name, wanted, current_setting(name) as found, case
       when name not like '%_timeout' or wanted = '0' then current_setting(name) = wanted
       else current_setting(name)::interval between '1ms' and wanted::interval end as "isInForce"
     from unnest($1::text[], $2::text[]) as setting (name, wanted)`,
    [Object.keys(settings), Object.values(settings)],
  )
  const judged = rows as (SettingFault & { isInForce: boolean })[]
  return judged
    .filter(({ isInForce }) => !isInForce)
    .map(({ name, wanted, found }) => ({ name, wanted, found }))
}
