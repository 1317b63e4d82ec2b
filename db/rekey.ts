import { type Kysely, sql } from 'kysely'
import { fiscalCodeHashes, hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import { type KeyRing, unseal } from '#lib/kernel/sealed.ts'
import { openDatabase } from './client.ts'
import type { DB } from './schema.ts'
import { PURPOSES } from './sealed-columns.ts'

const ROWS_AT_A_TIME = 500
const FIRST = '00000000-0000-0000-0000-000000000000'
const MOST_TRIES = 5
const DEADLOCK = '40P01'

/**
 * What was moved to the current key of fiscal codes.
 * @property unknown codes that are written under no key of the ring
 * @property strangers people who signed in and whom no municipality knows: their code is nowhere in clear
 */
export type Rekeyed = { moved: number; unknown: number; strangers: number }

type Rings = { codes: KeyRing; data: KeyRing }
type Progress = (seen: number, of: number) => void

/**
 * Writes every fiscal code under the current key: `npm run db:reseal`. Web and worker go on, because they look a code up under
 * each key of the ring. Each code moves in a transaction of its own, so that the command may be killed and begun again, or run
 * twice at the same time.
 * @param ownerUrl connection of the role that owns the schema
 */
export async function rekey(
  ownerUrl: string,
  rings: Rings,
  tell: Progress = () => undefined,
): Promise<Rekeyed> {
  const owner = openDatabase(ownerUrl, { poolSize: 1, queryTimeoutMs: 0 })
  try {
    let moved = 0
    // Who is written down while a pass goes on may take the hash of a person whom it has not reached.
    for (;;) {
      const people = await moveCodes(owner, rings.codes, tell)
      const others = (await moveInvitations(owner, rings)) + (await moveRequests(owner, rings.codes))
      moved += people.moved + others
      if (people.moved + others === 0)
        return { moved, unknown: people.unknown, strangers: await strangers(owner) }
    }
  } finally {
    await owner.destroy()
  }
}

type CodeRow = { municipality_id: string; id: string; code: string; hash: Buffer }

/** The codes of all persons. @returns how many moved, and how many are under no key of the ring */
async function moveCodes(
  owner: Kysely<DB>,
  ring: KeyRing,
  tell: Progress,
): Promise<Omit<Rekeyed, 'strangers'>> {
  const all = await owner
    .selectFrom('person')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  let seen = 0
  let after = { municipality_id: FIRST, id: FIRST }
  const done = { moved: 0, unknown: 0 }
  for (;;) {
    const rows = await codesAfter(owner, after)
    const last = rows.at(-1)
    if (!last) return done
    for (const { code, hash } of rows) {
      const [current, ...earlier] = fiscalCodeHashes(code, ring)
      if (hash.equals(current)) continue
      const isKnown = earlier.some((one) => hash.equals(one))
      if (isKnown) await move(owner, [current, ...earlier])
      done[isKnown ? 'moved' : 'unknown'] += 1
    }
    after = last
    seen += new Set(rows.map((row) => row.municipality_id + row.id)).size
    tell(seen, Number(all.count))
  }
}

async function codesAfter(
  owner: Kysely<DB>,
  after: { municipality_id: string; id: string },
): Promise<CodeRow[]> {
  const { rows } = await sql<CodeRow>`
    select k.municipality_id, k.person_id as id, k.fiscal_code as code, k.fiscal_code_hash as hash
    from (select p.municipality_id, p.id from person p
      where (p.municipality_id, p.id) > (${after.municipality_id}::uuid, ${after.id}::uuid)
      order by p.municipality_id, p.id limit ${ROWS_AT_A_TIME}) p
    join person_code k on k.municipality_id = p.municipality_id and k.person_id = p.id
    order by k.municipality_id, k.person_id`.execute(owner)
  return rows
}

/** The codes of people who are invited and whom no municipality knows yet. */
async function moveInvitations(owner: Kysely<DB>, { codes, data }: Rings): Promise<number> {
  const rows = await owner
    .selectFrom('delegate_invitation')
    .select(['fiscal_code_hash', 'fiscal_code_sealed'])
    .where('fiscal_code_sealed', 'is not', null)
    .execute()
  let moved = 0
  for (const { fiscal_code_hash, fiscal_code_sealed } of rows) {
    const code = fiscal_code_sealed && unseal(fiscal_code_sealed, PURPOSES.invitedCode, data)
    if (!code) continue
    const [current, ...earlier] = fiscalCodeHashes(code, codes)
    if (!earlier.some((one) => fiscal_code_hash.equals(one))) continue
    await move(owner, [current, ...earlier])
    moved += 1
  }
  return moved
}

/** The keys by which a child is asked for once: `child:<household>:<hash>`, while the answers have the code in clear. */
async function moveRequests(owner: Kysely<DB>, ring: KeyRing): Promise<number> {
  const { rows } = await sql<{ municipality_id: string; id: string; once_key: string; texts: string[] }>`
    select s.municipality_id, s.id, coalesce(s.once_key, '') as once_key,
      coalesce((select array_agg(a.value #>> '{}') from jsonb_each(s.answers) a where jsonb_typeof(a.value) = 'string'), '{}') as texts
    from form_submission s where s.once_key like 'child:%'`.execute(owner)
  let moved = 0
  for (const { municipality_id, id, once_key, texts } of rows) {
    const hash = once_key.slice(once_key.lastIndexOf(':') + 1)
    const code = texts.find((text) =>
      ring.earlier.some((key) => hashFiscalCode(text, key).toString('hex') === hash),
    )
    if (code === undefined) continue
    const written = once_key.replace(hash, hashFiscalCode(code, ring.current).toString('hex'))
    const { numUpdatedRows } = await owner
      .updateTable('form_submission')
      .set({ once_key: written })
      .where('municipality_id', '=', municipality_id)
      .where('id', '=', id)
      .where('once_key', '=', once_key)
      .executeTakeFirst()
    moved += Number(numUpdatedRows)
  }
  return moved
}

/** Moves all rows of a code in one transaction; again when it met a request that waited for it. */
async function move(owner: Kysely<DB>, hashes: Buffer[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await sql`select rekey_code(${hashes}::bytea[])`.execute(owner)
      return
    } catch (error) {
      if (attempt >= MOST_TRIES || (error as { code?: string }).code !== DEADLOCK) throw error
    }
  }
}

async function strangers(owner: Kysely<DB>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from citizen c
    where not exists (select from person_code k where k.fiscal_code_hash = c.fiscal_code_hash)
      and not exists (select from delegate_invitation i
        where i.fiscal_code_hash = c.fiscal_code_hash and i.fiscal_code_sealed is not null)`.execute(owner)
  return rows[0]?.count ?? 0
}
