import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { reseal } from '#db/reseal.ts'
import { SEALED_COLUMNS } from '#db/sealed-columns.ts'
import { documentFor } from '#lib/forms/form-document.queries.ts'
import { keyIdIn, keyIdOf } from '#lib/kernel/sealed.ts'
import { testDatabase } from '#tests/support/database.ts'
import { keyNamed, setEnvironment, TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { aHousehold, aMunicipality, aPupil, aStaffViewer, type Household } from '#tests/support/factories.ts'
import { aForm, aPdf, fill, healthDiet } from '#tests/support/forms.ts'

const [OLD, NEW] = [TEST_ENVIRONMENT.DATA_KEY, keyNamed('new')]

let family: Household
let id: string
let certificate: Buffer

/** The keys of the environment, as an administrator writes them one after the other. */
async function keys(current: string, also = ''): Promise<void> {
  const { ownerUrl, webUrl } = await testDatabase()
  setEnvironment({
    DATABASE_URL: ownerUrl,
    DATABASE_WEB_URL: webUrl,
    DATA_KEY: current,
    DATA_KEY_ALSO: also,
  })
}

const ring = (current: string, ...earlier: string[]) => ({ current, earlier })

async function kept(): Promise<Buffer> {
  const { owner } = await testDatabase()
  const row = await owner
    .selectFrom('form_document')
    .select('content')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.content ?? Buffer.alloc(0)
}

const opened = async (): Promise<Buffer> =>
  Buffer.from((await documentFor(family.holderViewer, id))?.bytes ?? [])

/** Changes one bit of what is kept, or changes it back. */
async function flipOneBit(): Promise<void> {
  const { owner } = await testDatabase()
  await owner.transaction().execute(async (trx) => {
    await sql`select set_config('refettorio.reseal', 'on', true)`.execute(trx)
    await trx
      .updateTable('form_document')
      .set({ content: sql<Buffer>`set_byte(content, 40, get_byte(content, 40) # 1)` })
      .where('id', '=', id)
      .execute()
  })
}

/** A certificate that a family has put into a form. */
beforeEach(async () => {
  await keys(OLD)
  const municipality = await aMunicipality()
  family = await aHousehold(municipality)
  const pupil = await aPupil(municipality, family.householdId)
  const formId = await aForm(await aStaffViewer(municipality, 'operator'), 'diet')
  const { draftId } = await fill(family, formId, healthDiet(pupil))
  const { owner } = await testDatabase()
  const row = await owner
    .selectFrom('form_document')
    .select('id')
    .where('draft_id', '=', draftId)
    .executeTakeFirstOrThrow()
  id = row.id
  certificate = Buffer.from(await aPdf().arrayBuffer())
})

describe('a certificate of a family', () => {
  test('is encrypted in the database, and opens as it was uploaded', async () => {
    const content = await kept()
    expect(content.includes('%PDF-')).toBe(false)
    expect(keyIdIn(content)).toBe(keyIdOf(OLD))
    expect(await opened()).toEqual(certificate)
  })

  test('of which a bit was changed does not open', async () => {
    await flipOneBit()
    await expect(documentFor(family.holderViewer, id)).rejects.toThrow('cannot be opened')
    await flipOneBit()
    expect(await opened()).toEqual(certificate)
  })

  test('does not change, but for being sealed again', async () => {
    const { owner } = await testDatabase()
    const change = owner
      .updateTable('form_document')
      .set({ content: Buffer.alloc(200, 1) })
      .where('id', '=', id)
    await expect(change.execute()).rejects.toThrow('a document does not change')
  })
})

describe('a new DATA_KEY', () => {
  test('replaces the one before without a moment in which something does not open', async () => {
    const { ownerUrl } = await testDatabase()
    await keys(OLD, NEW)
    expect(await opened()).toEqual(certificate)
    await keys(NEW, OLD)
    expect(await opened()).toEqual(certificate)
    const { sealed, unopened } = await reseal(ownerUrl, ring(NEW, OLD))
    expect([sealed > 0, unopened]).toEqual([true, 0])
    expect(keyIdIn(await kept())).toBe(keyIdOf(NEW))
    await keys(NEW)
    expect(await opened()).toEqual(certificate)
    expect(await reseal(ownerUrl, ring(NEW))).toEqual({ sealed: 0, unopened: 0 })
    await keys(OLD, NEW)
    expect(await reseal(ownerUrl, ring(OLD, NEW))).toMatchObject({ unopened: 0 })
  })

  test('that nothing introduced leaves what it cannot open as it is, and counts it', async () => {
    const { ownerUrl } = await testDatabase()
    const before = await kept()
    expect((await reseal(ownerUrl, ring(NEW))).unopened).toBeGreaterThan(0)
    expect(await kept()).toEqual(before)
  })
})

describe('a document from before documents were sealed', () => {
  test('opens, and is sealed by the next reseal', async () => {
    const { owner, ownerUrl } = await testDatabase()
    await owner.transaction().execute(async (trx) => {
      await sql`select set_config('refettorio.reseal', 'on', true)`.execute(trx)
      await trx.updateTable('form_document').set({ content: certificate }).where('id', '=', id).execute()
    })
    expect(await opened()).toEqual(certificate)
    await reseal(ownerUrl, ring(OLD))
    expect((await kept()).includes('%PDF-')).toBe(false)
    expect(await opened()).toEqual(certificate)
  })
})

test('every column that says that it is sealed is sealed again with a new key', async () => {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ name: string }>`
    select relname || '.' || attname as name from pg_attribute join pg_class c on c.oid = attrelid
    where relnamespace = 'public'::regnamespace and relkind = 'r' and attname like '%sealed%' and not attisdropped order by 1`.execute(
    owner,
  )
  const known = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`)
  expect(known).toEqual(expect.arrayContaining(rows.map(({ name }) => name)))
  expect(rows.length).toBeGreaterThan(2)
})
