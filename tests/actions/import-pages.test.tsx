import type { ReactNode } from 'react'
import { prerender } from 'react-dom/static'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import Import from '#app/admin/[comune]/importa/[id]/page.tsx'
import Imports from '#app/admin/[comune]/importa/page.tsx'
import type { Viewer } from '#lib/access/viewer.ts'
import { runDueImports } from '#lib/imports/office/due-import.commands.ts'
import { confirmImport, undoImport } from '#lib/imports/office/import.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aMunicipality, aStaffViewer, type TestMunicipality } from '#tests/support/factories.ts'
import { csv, HEADERS, row } from '#tests/support/import-files.ts'
import { compared, sent } from '#tests/support/pupil-imports.ts'

/** The pages of an import at each of its steps, drawn for a colleague of the office as the server draws them. */
const session = vi.hoisted(() => ({ viewer: null as unknown }))
vi.mock('#lib/session/session.request.ts', async (original) => ({
  ...(await original<object>()),
  requireViewer: async () => session.viewer,
}))
vi.mock('next/navigation', () => ({
  notFound: () => {
    throw new Error('not found')
  },
  useRouter: () => ({ refresh: () => undefined }),
}))

let municipality: TestMunicipality
let clerk: Viewer
let school: string

beforeEach(async () => {
  const { owner } = await testDatabase()
  await owner.updateTable('municipality').set({ active: false }).execute()
  await setClock('2026-11-24T11:00:00+01:00')
  municipality = await aMunicipality()
  clerk = await aStaffViewer(municipality, 'operator')
  session.viewer = clerk
  const found = await owner
    .selectFrom('school')
    .select('name')
    .where('id', '=', municipality.school.id)
    .executeTakeFirstOrThrow()
  school = found.name
})

/** The words of a page, in their order. */
async function words(page: ReactNode): Promise<string> {
  const { prelude } = await prerender(page)
  const html = await new Response(prelude as ReadableStream).text()
  return html
    .replace(/<!--.*?-->/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x27;/g, "'")
    .replace(/\s+/g, ' ')
}

const pageOf = (id: string, query: Record<string, string> = {}) =>
  Import({
    params: Promise.resolve({ comune: municipality.slug, id }),
    searchParams: Promise.resolve(query),
  })

const LIST = () =>
  csv([
    [...HEADERS, 'Religione'],
    [...row(school), 'no'],
    [...row(school, { child: ['Neri', 'Zoe'], className: 'Girasoli' }), 'no'],
    [...row(school, { child: ['Bassi', 'Ada'], father: null, mother: null }), 'no'],
  ])

describe('the pages of an import', () => {
  test('show columns, differences, progress and receipt, each at its step', async () => {
    const id = await sent(clerk, LIST())
    const columns = await words(await pageOf(id))
    expect(columns).toContain('Che cosa c’è in ogni colonna')
    expect(columns).toContain('Religione Non si legge')
    expect(columns).toContain('Chi paga?')
    expect(columns).toContain('Vianello')

    const { seen } = await compared(clerk, municipality, id)
    const differences = await words(await pageOf(id))
    expect(differences).toContain('Leggi, poi conferma')
    expect(differences).toContain('Righe lette: 3. Alunni: nuovi: 1, dubbi: 1, da correggere: 1.')
    expect(differences).toContain('Nel file non c’è nessun adulto')
    expect(differences).toContain('Va bene così: importa')
    expect(differences).toContain('Classi da riconoscere')
    expect(await words(await pageOf(id, { vedi: 'new' }))).toContain('Paga Sergio Vianello.')
    expect(await words(await pageOf(id, { passo: 'colonne' }))).toContain('Confronta con l’anagrafe')

    await confirmImport(clerk, id, seen ?? '')
    expect(await words(await pageOf(id))).toContain('Tutto o niente')
    await runDueImports()
    expect(await words(await pageOf(id))).toContain('Annulla tutta l’importazione')
    await undoImport(clerk, id)
    await runDueImports()
    expect(await words(await pageOf(id))).toContain('Ogni riga è tornata come era prima.')
    const all = await words(
      await Imports({
        params: Promise.resolve({ comune: municipality.slug }),
        searchParams: Promise.resolve({}),
      }),
    )
    expect(all).toContain('elenco.csv Annullata nuovi: 1, dubbi: 1, da correggere: 1')
  })

  test.each(['accountant', 'editor', 'reader', 'teacher', 'kitchen'] as const)(
    'are not found by the role %s, nor by a manager of another town',
    async (role) => {
      const id = await sent(clerk, LIST())
      for (const viewer of [
        await aStaffViewer(municipality, role),
        await aStaffViewer(await aMunicipality(), 'manager'),
      ]) {
        session.viewer = viewer
        await expect(pageOf(id)).rejects.toThrow('not found')
      }
    },
  )
})
