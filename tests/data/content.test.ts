import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { closeDatabase, inScope } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { ContentFilter } from '#lib/content/content.address.ts'
import {
  goneContent,
  publicContent,
  publicFeed,
  publicFront,
  publicList,
} from '#lib/content/content.queries.ts'
import type { ContentKind } from '#lib/content/content.ts'
import {
  askContentReview,
  type ContentDraft,
  publishContent,
  restoreContent,
  saveContent,
  sendBackContent,
  uploadContentPicture,
  withdrawContent,
} from '#lib/content/office/content.commands.ts'
import {
  officeContent,
  officeContentList,
  officeContentVersion,
} from '#lib/content/office/content.queries.ts'
import { readFile } from '#lib/files/file.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import { aHousehold, aMunicipality, aStaffViewer, type TestMunicipality } from '#tests/support/factories.ts'
import { withinASecond } from '#tests/support/waiting.ts'

const NOON = '2026-11-24T12:00:00+01:00'
const EVENING = '2026-11-24T18:00:00+01:00'
const TOMORROW = '2026-11-25T08:00:00+01:00'
const ALL: ContentFilter = { text: '', category: '', from: null, to: null, page: 1 }
/** Searching goes around the second of cache, which the tests' stopped clock does not know. */
const fresh = (text = 'mensa'): ContentFilter => ({ ...ALL, text })

let municipality: TestMunicipality
let editor: Viewer
let manager: Viewer
let place: { id: string }

beforeAll(async () => {
  await testDatabase()
})

beforeEach(async () => {
  await setClock(NOON)
  municipality = await aMunicipality()
  editor = await aStaffViewer(municipality, 'editor')
  manager = await aStaffViewer(municipality, 'manager')
  place = { id: municipality.municipalityId }
})

const pdf = (name = 'modulo-privacy.pdf', words = 'testo') =>
  new File([`%PDF-1.7\n${words}`], name, { type: 'text/html' })

const draft = (given: Partial<ContentDraft> = {}): ContentDraft => ({
  id: null,
  baseVersion: 0,
  title: 'La mensa chiude venerdì per sciopero',
  summary: 'Venerdì 27 novembre la mensa resta chiusa.',
  body: '<p>Venerdì la mensa resta chiusa in tutte le scuole.</p>',
  category: 'avvisi',
  urgent: false,
  highlighted: false,
  kept: [],
  added: [],
  ...given,
})

const value = <T>(result: { ok: true; value: T } | { ok: false; code: string }): T => {
  if (!result.ok) throw new Error(`refused: ${result.code}`)
  return result.value
}
const code = (result: { ok: boolean; code?: string }) => (result.ok ? 'done' : result.code)

const write = async (given: Partial<ContentDraft> = {}, kind: ContentKind = 'news') =>
  value(await saveContent(editor, kind, draft(given)))
const now = { opensAt: null, closesAt: null }
const written = async (given: Partial<ContentDraft> = {}, kind: ContentKind = 'news') => {
  const saved = await write(given, kind)
  value(await publishContent(editor, saved.id, saved.version, now))
  return saved
}
const titles = async (kind: ContentKind = 'news') =>
  (await publicList(place, kind, fresh())).items.map((item) => item.title)

const SLUG = 'la-mensa-chiude-venerdi-per-sciopero'

describe('anyone reads what is public', () => {
  test('with its title, words, category, date and files', async () => {
    await written({ added: [pdf()] })
    const found = await publicContent(place, 'news', SLUG)
    expect(found).toMatchObject({
      title: 'La mensa chiude venerdì per sciopero',
      category: 'avvisi',
      publishAt: new Date(NOON),
      minutes: 1,
    })
    expect(found?.attachments).toEqual([
      expect.objectContaining({ name: 'modulo-privacy.pdf', mediaType: 'application/pdf', size: 14 }),
    ])
    const file = await readFile(place.id, found?.attachments[0]?.id ?? '', null)
    expect(Buffer.from(file?.bytes ?? []).toString()).toBe('%PDF-1.7\ntesto')
  })

  test('and finds it by words in any form, by category and by date', async () => {
    await written()
    await written({
      title: 'Nuovo menù invernale',
      body: '<p>Zuppe e legumi nella mensa.</p>',
      category: 'notizie',
    })
    const find = async (filter: Partial<ContentFilter>) =>
      (await publicList(place, 'news', { ...ALL, ...filter })).items.map((item) => item.category)
    expect(await find({ text: 'scioperi' })).toEqual(['avvisi'])
    expect(await find({ text: 'legume' })).toEqual(['notizie'])
    expect(await find({ text: 'sciop' })).toEqual(['avvisi'])
    expect(await find({ text: 'mensa', category: 'notizie' })).toEqual(['notizie'])
    expect(await find({ text: 'mensa', from: '2026-11-25' })).toEqual([])
    expect(await find({ text: 'mensa', to: '2026-11-24' })).toHaveLength(2)
    expect(await find({ text: 'mensa', to: '2026-11-23' })).toEqual([])
    expect(await find({ text: "'); drop table content_item; --" })).toEqual([])
  })

  test('urgent notices come first on the front page', async () => {
    await written({ urgent: true })
    await written({ title: 'Nuovo menù invernale', urgent: false })
    const front = await publicFront(place)
    expect(front.urgent.map((item) => item.title)).toEqual(['La mensa chiude venerdì per sciopero'])
    expect(front.news.map((item) => item.title)).toEqual(['Nuovo menù invernale'])
  })

  test('in a feed, as plain words', async () => {
    await written()
    expect(await publicFeed(place, 'news')).toEqual([
      expect.objectContaining({ slug: SLUG, words: 'Venerdì la mensa resta chiusa in tutte le scuole.' }),
    ])
  })

  test('a new version is read only once it is published, and the first date stays', async () => {
    const { id } = await written()
    await setClock(EVENING)
    const second = await write({ id, baseVersion: 1, title: 'La mensa riapre lunedì mattina' })
    expect(await titles()).toEqual(['La mensa chiude venerdì per sciopero'])
    value(await publishContent(editor, id, second.version, now))
    const [item] = (await publicList(place, 'news', fresh())).items
    expect(item).toMatchObject({
      title: 'La mensa riapre lunedì mattina',
      slug: SLUG,
      publishAt: new Date(NOON),
      updatedAt: new Date(EVENING),
    })
  })
})

/** Everything that anyone could see of a municipality's content, by every public road. */
async function seen(kind: ContentKind = 'news') {
  const list = await publicList(place, kind, fresh())
  const feed = await publicFeed(place, kind)
  const page = await publicContent(place, kind, SLUG)
  return { list: list.items.length, feed: feed.length, page: page !== null }
}
const NOTHING = { list: 0, feed: 0, page: false }
const EVERYTHING = { list: 1, feed: 1, page: true }

type Hidden = [string, () => Promise<{ id: string }>]
const HIDDEN: Hidden[] = [
  ['a draft', () => write({ added: [pdf()] })],
  [
    'a draft under review',
    async () => {
      const saved = await write({ added: [pdf()] })
      value(await askContentReview(editor, saved.id, 'Puoi guardare le date?'))
      return saved
    },
  ],
  [
    'what is to begin later',
    async () => {
      const saved = await write({ added: [pdf()] })
      value(await publishContent(editor, saved.id, 1, { opensAt: new Date(TOMORROW), closesAt: null }))
      return saved
    },
  ],
  [
    'what has expired',
    async () => {
      const saved = await write({ added: [pdf()] })
      value(await publishContent(editor, saved.id, 1, { opensAt: null, closesAt: new Date(EVENING) }))
      await setClock(EVENING)
      return saved
    },
  ],
  [
    'what was withdrawn',
    async () => {
      const saved = await written({ added: [pdf()] })
      value(await withdrawContent(editor, saved.id, 'Lo sciopero è stato revocato.'))
      return saved
    },
  ],
]

async function fileOf(id: string): Promise<string> {
  const { owner } = await testDatabase()
  const row = await owner
    .selectFrom('content_version_file')
    .select('file_id')
    .where('item_id', '=', id)
    .executeTakeFirstOrThrow()
  return row.file_id
}

/** `database()` as the owner, whom no policy touches: only the application's own checks are left. */
async function withoutRowSecurity<T>(work: () => Promise<T>): Promise<T> {
  const { ownerUrl, webUrl } = await testDatabase()
  await closeDatabase()
  setEnvironment({ DATABASE_URL: ownerUrl, DATABASE_WEB_URL: ownerUrl })
  try {
    return await work()
  } finally {
    await closeDatabase()
    setEnvironment({ DATABASE_URL: ownerUrl, DATABASE_WEB_URL: webUrl })
  }
}

describe.each(HIDDEN)('%s is never public', (_, make) => {
  test('by any road, nor are its files', async () => {
    const { id } = await make()
    expect(await seen()).toEqual(NOTHING)
    expect(await readFile(place.id, await fileOf(id), null)).toBeNull()
  })

  test('even with row-level security switched off', async () => {
    const { id } = await make()
    await withoutRowSecurity(async () => {
      expect(await seen()).toEqual(NOTHING)
      expect(await readFile(place.id, await fileOf(id), null)).toBeNull()
    })
  })

  test.each(['public', 'family'] as const)(
    'even when the application asks for everything (%s)',
    async (audience) => {
      const { id } = await make()
      const household = await aHousehold(municipality)
      const rows = await inScope(
        { municipalityId: place.id, audience, personId: household.holder.personId },
        async (trx) =>
          Promise.all(
            (['content_item', 'content_version', 'content_version_file', 'stored_file'] as const).map(
              (table) => trx.selectFrom(table).select('municipality_id').execute(),
            ),
          ),
      )
      expect(rows.flat(), id).toEqual([])
    },
  )
})

describe('the database’s clock decides', () => {
  test('something begins and ends at its instants without an act of the office', async () => {
    const { id } = await write()
    value(await publishContent(editor, id, 1, { opensAt: new Date(EVENING), closesAt: new Date(TOMORROW) }))
    const road = async (at: string) => {
      await setClock(at)
      return (await titles()).length
    }
    expect(await road('2026-11-24T17:59:59.999+01:00')).toBe(0)
    expect(await road(EVENING)).toBe(1)
    expect(await road('2026-11-25T07:59:59.999+01:00')).toBe(1)
    expect(await road(TOMORROW)).toBe(0)
  })

  test('what follows a publication is public at the next reading, a second of cache apart', async () => {
    expect(await publicList(place, 'news', ALL)).toMatchObject({ total: 0 })
    await written()
    const read = () => publicList(place, 'news', ALL)
    expect(await withinASecond(read, ({ total }) => total === 1)).toMatchObject({ total: 1 })
    expect(await seen()).toEqual(EVERYTHING)
  })
})

describe('what is gone says so', () => {
  test('a withdrawn text says since when and why', async () => {
    const { id } = await written()
    await setClock(EVENING)
    value(await withdrawContent(editor, id, 'Lo sciopero è stato revocato.'))
    expect(await goneContent(place, 'news', SLUG)).toEqual({
      state: 'withdrawn',
      goneAt: new Date(EVENING),
      reason: 'Lo sciopero è stato revocato.',
    })
  })

  test('a reader who comes right after the withdrawal gets no text, though the page was read before it', async () => {
    const { id } = await written()
    expect(await publicContent(place, 'news', SLUG)).not.toBeNull()
    value(await withdrawContent(editor, id, 'Lo sciopero è stato revocato.'))
    expect(await publicContent(place, 'news', SLUG)).toBeNull()
    expect(await goneContent(place, 'news', SLUG)).toMatchObject({ state: 'withdrawn' })
  })

  test('what was never public is not gone: it never was', async () => {
    const { id } = await write()
    expect(await goneContent(place, 'news', SLUG)).toBeNull()
    value(await publishContent(editor, id, 1, { opensAt: new Date(EVENING), closesAt: null }))
    value(await withdrawContent(editor, id, 'Data sbagliata.'))
    await setClock(TOMORROW)
    expect(await goneContent(place, 'news', SLUG)).toBeNull()
  })

  test('what was withdrawn can come back', async () => {
    const { id } = await written()
    value(await withdrawContent(editor, id, 'Errore.'))
    expect(await goneContent(place, 'news', SLUG)).toMatchObject({ state: 'withdrawn' })
    value(await publishContent(manager, id, 1, now))
    expect(await titles()).toHaveLength(1)
    // Immediately: the status of the page follows this.
    expect(await goneContent(place, 'news', SLUG)).toBeNull()
  })
})

describe('another municipality', () => {
  test('sees nothing, and may not touch', async () => {
    const { id } = await written({ added: [pdf()] })
    const other = await aMunicipality()
    const stranger = await aStaffViewer(other, 'manager')
    expect((await publicList({ id: other.municipalityId }, 'news', fresh())).total).toBe(0)
    expect(await readFile(other.municipalityId, await fileOf(id), stranger)).toBeNull()
    expect(await officeContent(stranger, 'news', id)).toBeNull()
    expect(await officeContentVersion(stranger, id, 1)).toBeNull()
    expect(code(await withdrawContent(stranger, id, 'no'))).toBe('content:not-found')
    expect(code(await publishContent(stranger, id, 1, now))).toBe('content:not-found')
    expect(code(await saveContent(stranger, 'news', draft({ id, baseVersion: 1 })))).toBe('content:not-found')
    expect(
      code(await saveContent(stranger, 'news', draft({ kept: [{ id: await fileOf(id), title: 'Rubato' }] }))),
    ).toBe('content:unknown-picture')
  })
})

describe('who may write', () => {
  test('the editor and the manager write; no other person of the office does, and no family', async () => {
    const { id } = await write()
    const household = await aHousehold(municipality)
    const others = [
      await aStaffViewer(municipality, 'operator'),
      await aStaffViewer(municipality, 'accountant'),
      household.holderViewer,
    ]
    for (const viewer of others) {
      expect(await officeContentList(viewer, 'news', { state: '', text: '' })).toEqual([])
      expect(await officeContent(viewer, 'news', id)).toBeNull()
      expect(code(await saveContent(viewer, 'news', draft()))).toBe('request:not-found')
      expect(code(await publishContent(viewer, id, 1, now))).toBe('request:not-found')
      expect(code(await withdrawContent(viewer, id, 'no'))).toBe('request:not-found')
      expect(code(await restoreContent(viewer, id, 1))).toBe('request:not-found')
      expect(code(await askContentReview(viewer, id, ''))).toBe('request:not-found')
      expect(code(await sendBackContent(viewer, id, ''))).toBe('request:not-found')
      expect(code(await uploadContentPicture(viewer, pdf()))).toBe('request:not-found')
    }
    expect(await officeContentList(manager, 'news', { state: 'draft', text: '' })).toHaveLength(1)
  })

  test('the runtime role may not write content outside the office', async () => {
    const { id } = await written()
    const scope = { municipalityId: place.id, audience: 'public' as const }
    const attempt = inScope(scope, (trx) =>
      trx
        .updateTable('content_item')
        .set({ withdrawn_at: new Date(), withdrawn_reason: 'x' })
        .where('id', '=', id)
        .execute(),
    )
    await expect(attempt).rejects.toThrow(/row-level security/)
    await expect(
      inScope({ ...scope, audience: 'staff' }, (trx) =>
        trx.updateTable('content_version').set({ title: 'x' }).execute(),
      ),
    ).rejects.toThrow(/permission denied/)
  })
})

describe('versions', () => {
  test('two editors never overwrite each other', async () => {
    const { id } = await write()
    value(await saveContent(manager, 'news', draft({ id, baseVersion: 1, title: 'La mensa chiude giovedì' })))
    const late = await saveContent(
      editor,
      'news',
      draft({ id, baseVersion: 1, title: 'La mensa chiude sabato' }),
    )
    expect(late).toMatchObject({ ok: false, code: 'content:changed-meanwhile' })
    expect((await officeContent(editor, 'news', id))?.latest.title).toBe('La mensa chiude giovedì')
  })

  test('saving the same words twice writes one version', async () => {
    const { id } = await write()
    expect(await write({ id, baseVersion: 1 })).toEqual({ id, version: 1 })
  })

  test('an old one comes back as the newest, with its files', async () => {
    const { id } = await write({ added: [pdf()] })
    await write({ id, baseVersion: 1, title: 'Tutto diverso adesso', kept: [] })
    expect(value(await restoreContent(editor, id, 1))).toEqual({ id, version: 3 })
    const item = await officeContent(editor, 'news', id)
    expect(item?.latest).toMatchObject({
      title: 'La mensa chiude venerdì per sciopero',
      restoredFrom: 1,
      number: 3,
    })
    expect(item?.latest.files).toHaveLength(1)
    expect(item?.versions.map((version) => version.number)).toEqual([3, 2, 1])
    expect(code(await restoreContent(editor, id, 9))).toBe('content:unknown-version')
  })

  test('never change once written', async () => {
    await write()
    const { owner } = await testDatabase()
    await expect(owner.updateTable('content_version').set({ title: 'x' }).execute()).rejects.toThrow(
      /append-only/,
    )
    await expect(owner.deleteFrom('content_version').execute()).rejects.toThrow(/append-only/)
  })

  test('only the version that was read can be published', async () => {
    const { id } = await write()
    await write({ id, baseVersion: 1, title: 'Una versione più recente' })
    expect(code(await publishContent(editor, id, 1, now))).toBe('content:changed-meanwhile')
  })
})

describe('before publishing', () => {
  test('what some people could not read is refused, and stays a draft', async () => {
    const { id } = await write({ body: '<p>Per il modulo <a href="/x">clicca qui</a>.</p>' })
    expect(await publishContent(editor, id, 1, now)).toMatchObject({
      code: 'content:not-accessible',
      details: { count: 1 },
    })
    expect(await titles()).toEqual([])
  })

  test('a colleague may look at it, or not', async () => {
    const { id } = await write()
    value(await askContentReview(editor, id, 'Vanno bene le date?'))
    expect(await officeContent(manager, 'news', id)).toMatchObject({
      state: 'submitted',
      reviewNote: 'Vanno bene le date?',
    })
    value(await sendBackContent(manager, id, 'Manca l’orario.'))
    expect(await officeContent(editor, 'news', id)).toMatchObject({
      state: 'draft',
      reviewNote: 'Manca l’orario.',
    })
    value(await publishContent(editor, id, 1, now))
    expect(await officeContent(editor, 'news', id)).toMatchObject({ state: 'published', reviewNote: '' })
  })

  test('a schedule that makes no sense is refused', async () => {
    const { id } = await written()
    const refusals = [
      [{ opensAt: null, closesAt: new Date('2026-11-20T00:00:00Z') }, 'content:expires-in-the-past'],
      [{ opensAt: new Date(TOMORROW), closesAt: new Date(EVENING) }, 'content:expires-first'],
      [{ opensAt: new Date(TOMORROW), closesAt: null }, 'content:already-live'],
      [now, 'content:nothing-new'],
    ] as const
    for (const [schedule, expected] of refusals)
      expect(code(await publishContent(editor, id, 1, schedule))).toBe(expected)
    expect(code(await publishContent(editor, id, 1, { opensAt: null, closesAt: new Date(TOMORROW) }))).toBe(
      'done',
    )
  })
})

describe('files', () => {
  test('an untouched field brings no file, with and without JavaScript', async () => {
    for (const name of ['', 'undefined']) {
      const untouched = new File([], name, { type: 'application/octet-stream' })
      expect(code(await saveContent(editor, 'news', draft({ added: [untouched] })))).toBe('done')
    }
  })

  test('are kept as what their bytes say, whatever the browser says', async () => {
    const page = new File(['<script>alert(1)</script>'], 'modulo.pdf', { type: 'application/pdf' })
    expect(code(await saveContent(editor, 'document', draft({ added: [page] })))).toBe('files:unknown-type')
    expect(code(await saveContent(editor, 'document', draft({ added: [new File([], 'vuoto.pdf')] })))).toBe(
      'files:empty',
    )
    const big = new File([new Uint8Array(8 * 1024 * 1024 + 1)], 'enorme.pdf')
    expect(code(await saveContent(editor, 'document', draft({ added: [big] })))).toBe('files:too-big')
    expect(code(await uploadContentPicture(editor, pdf()))).toBe('files:not-a-picture')
    const { owner } = await testDatabase()
    const { n } = await owner
      .selectFrom('stored_file')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('municipality_id', '=', place.id)
      .executeTakeFirstOrThrow()
    expect(Number(n)).toBe(0)
  })

  test('a picture in the text is public with it, and only with it', async () => {
    const png = new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1])], 'orto.png')
    const picture = value(await uploadContentPicture(editor, png))
    expect(await readFile(place.id, picture.id, null)).toBeNull()
    expect(await readFile(place.id, picture.id, editor)).not.toBeNull()
    const src = `/${municipality.slug}/allegati/${picture.id}/${picture.name}`
    await written({ body: `<p>Guarda l’orto.</p><img src="${src}" alt="L’orto della scuola">` })
    expect((await readFile(place.id, picture.id, null))?.mediaType).toBe('image/png')
  })

  test('an invented picture is refused', async () => {
    const src = `/${municipality.slug}/allegati/0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b/x.png`
    expect(code(await saveContent(editor, 'news', draft({ body: `<img src="${src}" alt="Niente">` })))).toBe(
      'content:unknown-picture',
    )
  })

  test('changed behind our back, are not given out', async () => {
    const { id } = await written({ added: [pdf()] })
    const { owner } = await testDatabase()
    await sql`update stored_file set content = '%PDF-1.7 altro!'::bytea, size = 15`.execute(owner)
    await expect(readFile(place.id, await fileOf(id), null)).rejects.toThrow(/not what was uploaded/)
  })
})

test('every change leaves its trace', async () => {
  const { id } = await written()
  value(await withdrawContent(manager, id, 'Errore.'))
  const { owner } = await testDatabase()
  const events = await owner
    .selectFrom('audit_event')
    .select(['action', 'person_id'])
    .where('object_id', '=', id)
    .orderBy('id')
    .execute()
  expect(events).toEqual([
    { action: 'content.created', person_id: editor.personId },
    { action: 'content.published', person_id: editor.personId },
    { action: 'content.withdrawn', person_id: manager.personId },
  ])
})
