import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { saveCommunication } from '#lib/communications/office/communication.commands.ts'
import { officeCommunication } from '#lib/communications/office/communication.queries.ts'
import { readFile } from '#lib/files/file.queries.ts'
import { objectStorage } from '#lib/files/object-storage.adapter.ts'
import { env } from '#lib/kernel/env.ts'
import { aDraft, given, managerOf } from '#tests/support/communications.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import { aMunicipality, type TestMunicipality } from '#tests/support/factories.ts'
import { anObjectStore, type ObjectStore } from '#tests/support/object-store.ts'

let store: ObjectStore
let database: Record<string, string>

beforeAll(async () => {
  store = await anObjectStore()
  const { ownerUrl, webUrl } = await testDatabase()
  database = { DATABASE_URL: ownerUrl, DATABASE_WEB_URL: webUrl }
})
beforeEach(async () => {
  setEnvironment({ ...database, ...store.environment })
  store.objects.clear()
  store.requests.length = 0
  store.failures.length = 0
})
afterEach(() => {
  for (const name of Object.keys(store.environment)) delete process.env[name]
  setEnvironment(database)
})
afterAll(() => store.close())

const storage = (changes: Record<string, string> = {}) => {
  setEnvironment({ ...database, ...store.environment, ...changes })
  const found = objectStorage(env())
  if (!found) throw new Error('no storage')
  return found
}

describe('files in an S3-compatible storage', () => {
  test('are put and got with a signature that the storage accepts', async () => {
    const bytes = new Uint8Array([0, 255, 10, 13])
    await storage().put('comune/file', bytes, 'application/pdf')
    expect(store.objects.get('/refettorio/comune/file')).toEqual({
      bytes: Buffer.from(bytes),
      mediaType: 'application/pdf',
    })
    expect(await storage().get('comune/file')).toEqual(bytes)
  })

  test('are null, not an error, where a key has none', async () => {
    expect(await storage().get('comune/mai-messo')).toBeNull()
  })

  test('are refused with a wrong secret, and the error says so', async () => {
    const wrong = storage({ FILES_S3_SECRET_ACCESS_KEY: 'sbagliato' })
    await expect(wrong.put('comune/file', new Uint8Array([1]), 'image/png')).rejects.toThrow('403')
    await expect(wrong.get('comune/file')).rejects.toThrow('403')
    expect(store.objects.size).toBe(0)
  })

  test('are retried after a passing failure', async () => {
    store.failures.push(503)
    await storage().put('comune/file', new Uint8Array([1]), 'image/png')
    expect(store.requests).toHaveLength(2)
    expect(store.objects.size).toBe(1)
  })

  test('end in an error after three failed attempts', async () => {
    store.failures.push(500, 500, 500, 500)
    await expect(storage().get('comune/file')).rejects.toThrow('500')
    expect(store.requests).toHaveLength(3)
  })

  test('are in the database without configuration', () => {
    setEnvironment({ ...database, FILES_STORE: 'database' })
    expect(objectStorage(env())).toBeNull()
  })
})

describe('an attachment kept there', () => {
  let municipality: TestMunicipality
  const pdf = () => new File(['%PDF-1.7\nciao'], 'circolare.pdf')

  beforeEach(async () => {
    await setClock('2026-11-24T12:00:00+01:00')
    setEnvironment(database)
    municipality = await aMunicipality()
    setEnvironment({ ...database, ...store.environment })
  })

  const attach = async () => {
    const manager = await managerOf(municipality)
    const saved = given(await saveCommunication(manager, aDraft({ added: [pdf()] })))
    return { manager, fileId: (await officeCommunication(manager, saved.id))?.latest.files[0]?.id ?? '' }
  }

  test('has its row in the database and its bytes in the storage, under municipality and id', async () => {
    const { manager, fileId } = await attach()
    const { owner } = await testDatabase()
    const row = await owner
      .selectFrom('stored_file')
      .select(['content', 'size'])
      .where('id', '=', fileId)
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ content: null, size: 13 })
    expect([...store.objects.keys()]).toEqual([`/refettorio/${municipality.municipalityId}/${fileId}`])
    const read = await readFile(municipality.municipalityId, fileId, manager)
    expect(new TextDecoder().decode(read?.bytes)).toBe('%PDF-1.7\nciao')
  })

  test('is not given when the storage changed or lost it', async () => {
    const { manager, fileId } = await attach()
    const key = `/refettorio/${municipality.municipalityId}/${fileId}`
    store.objects.set(key, { bytes: Buffer.from('<script>'), mediaType: 'text/html' })
    await expect(readFile(municipality.municipalityId, fileId, manager)).rejects.toThrow(
      'not what was uploaded',
    )
    store.objects.delete(key)
    await expect(readFile(municipality.municipalityId, fileId, manager)).rejects.toThrow(
      'not what was uploaded',
    )
  })

  test('is not saved when the storage does not answer, and the office reads it', async () => {
    const manager = await managerOf(municipality)
    store.failures.push(500, 500, 500, 500)
    expect(await saveCommunication(manager, aDraft({ added: [pdf()] }))).toMatchObject({
      ok: false,
      code: 'files:unavailable',
    })
    const { owner } = await testDatabase()
    const rows = await owner
      .selectFrom('communication')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    expect(rows).toEqual([])
  })
})
