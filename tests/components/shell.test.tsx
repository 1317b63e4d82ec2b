import { render, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { ClientWords } from '#components/language/client-words.tsx'
import { BottomBar } from '#components/shell/bottom-bar.tsx'
import { LanguageSwitch } from '#components/shell/language-switch.tsx'
import { bottomBarSections, familySections, initialsOf } from '#components/shell/sections.ts'
import { PortalFooter } from '#components/shell/site-footer.tsx'
import { SiteHeader } from '#components/shell/site-header.tsx'
import { staffBarSections, staffSections } from '#components/shell/staff-sections.ts'
import type { StaffRole, Viewer } from '#lib/access/viewer.ts'
import { catalogueOf } from '#lib/words/catalogues.adapter.ts'
import { italian } from '#lib/words/language.ts'

const holder = { name: 'Laura Conti', family: true, holder: true, staff: false }
const delegate = { ...holder, name: 'Marco Albertini', holder: false }
const municipality = { slug: 'mozzecane', name: 'Mozzecane', operatorName: 'Tangram' }

const office = (...staffRoles: StaffRole[]): Viewer => ({
  municipalityId: 'm',
  personId: 'p',
  citizenId: 'c',
  sessionId: 's',
  name: 'Paola Ferrari',
  memberships: [],
  staffRoles,
})

describe('navigation names only the places that are open', () => {
  const labels = (sections: { label: string }[]) => sections.map((section) => section.label)

  test('the delegate is not told about money', () => {
    expect(labels(familySections('mozzecane', holder, italian))).toContain('Stato contabile / pagamenti')
    expect(labels(familySections('mozzecane', delegate, italian))).not.toContain(
      'Stato contabile / pagamenti',
    )
  })

  test('the phone’s bar holds five places at most, the last is Altro', () => {
    const shorts = (reader: typeof holder) =>
      bottomBarSections('mozzecane', reader, italian).map((section) => section.short ?? section.label)
    expect(shorts(holder)).toEqual(['Oggi', 'Calendario', 'Pagamenti', 'Messaggi', 'Altro'])
    expect(shorts(delegate)).toEqual(['Oggi', 'Calendario', 'Messaggi', 'Altro'])
  })

  test('who has no family here gets no family places', () => {
    expect(familySections('mozzecane', { ...holder, family: false, staff: true }, italian)).toEqual([])
    expect(bottomBarSections('mozzecane', { ...holder, family: false }, italian)).toEqual([])
  })

  test.each([
    [
      'operator',
      [
        'Oggi',
        'Conteggi di oggi',
        'Giorno senza mensa',
        'Famiglie',
        'Menù',
        'Alunni',
        'Diete',
        'Moduli e domande',
        'Comunicazioni',
        'Questionari',
        'Importa alunni',
        'Invii',
        'Numeri',
        'Registro',
        'Ricariche e pagamenti',
      ],
    ],
    [
      'manager',
      [
        'Oggi',
        'Conteggi di oggi',
        'Giorno senza mensa',
        'Famiglie',
        'Menù',
        'Alunni',
        'Diete',
        'Moduli e domande',
        'Comunicazioni',
        'Questionari',
        'Importa alunni',
        'Notizie',
        'Documenti',
        'Invii',
        'Tariffe',
        'Ricariche e pagamenti',
        'Pagamenti da sistemare',
        'Rimborsi',
        'Numeri',
        'Impostazioni',
        'Colleghi',
        'Registro',
      ],
    ],
    [
      'accountant',
      [
        'Oggi',
        'Conteggi di oggi',
        'Famiglie',
        'Alunni',
        'Comunicazioni',
        'Invii',
        'Tariffe',
        'Ricariche e pagamenti',
        'Pagamenti da sistemare',
        'Rimborsi',
        'Numeri',
        'Dati del gestore',
      ],
    ],
    ['editor', ['Oggi', 'Notizie', 'Documenti', 'Numeri', 'Impostazioni', 'Comunicazioni', 'Questionari']],
    ['reader', ['Numeri']],
    ['kitchen', ['Conteggi di oggi']],
    ['school_office', ['Le mie classi', 'Alunni']],
    ['teacher', ['Le mie classi']],
  ] as const)('the office: %s', (role, places) => {
    expect(labels(staffSections('mozzecane', office(role)))).toEqual(places)
  })
})

test('the office’s bar on a phone holds five places at most, the rest is under Altro', () => {
  const shorts = (role: StaffRole) =>
    staffBarSections('mozzecane', office(role)).map((section) => section.short ?? section.label)
  expect(shorts('manager')).toEqual(['Oggi', 'Conteggi', 'Senza mensa', 'Famiglie', 'Altro'])
  expect(shorts('editor')).toEqual(['Oggi', 'Notizie', 'Documenti', 'Numeri', 'Altro'])
})

describe('the header', () => {
  test('invites a visitor to sign in', () => {
    render(<SiteHeader municipality={municipality} headerViewer={null} sections={[]} path="/mozzecane" />)
    expect(screen.getByRole('link', { name: /^Accedi ?all’area personale$/ })).toHaveAttribute(
      'href',
      '/mozzecane/accesso',
    )
  })

  test('names the person, and its menu leads out through a plain form', () => {
    render(
      <SiteHeader
        municipality={municipality}
        headerViewer={holder}
        sections={familySections('mozzecane', holder, italian)}
        path="/mozzecane/oggi"
      />,
    )
    const opener = screen.getByRole('button', { name: /Laura Conti, ?menu personale/ })
    const menu = document.getElementById(opener.getAttribute('popovertarget') ?? '')
    if (!menu) throw new Error('the button opens nothing')
    const out = within(menu).getByRole('button', { name: 'Esci', hidden: true })
    expect(out.closest('form')).toHaveAttribute('action', '/api/auth/signout')
    expect(
      within(menu).queryByRole('link', { name: 'Area del gestore', hidden: true }),
    ).not.toBeInTheDocument()
  })

  test('a page under a section marks that section, and only that', () => {
    render(
      <BottomBar
        sections={bottomBarSections('mozzecane', holder, italian)}
        path="/mozzecane/prenotazioni/ricevute/1"
      />,
    )
    const current = screen.getAllByRole('link').filter((link) => link.getAttribute('aria-current') === 'page')
    expect(current.map((link) => link.textContent)).toEqual(['Calendario'])
  })
})

test.each([
  ['Laura Conti', 'LC'],
  ['Maria Grazia De Luca', 'ML'],
  ['Cher', 'C'],
  ['', ''],
])('initials of “%s”: %s', (name, initials) => expect(initialsOf(name)).toBe(initials))

test('the switch names each language in itself, marks it as such, and says which one is read', () => {
  render(<LanguageSwitch path="/mozzecane/menu?mese=2026-11" />)
  const links = within(screen.getByRole('navigation', { name: 'Lingua' })).getAllByRole('link')
  expect(links.map((link) => [link.getAttribute('aria-label'), link.lang, link.textContent])).toEqual([
    ['ITA, Italiano', 'it', 'ITA'],
    ['ENG, English', 'en', 'ENG'],
    ['عربي, العربية', 'ar', 'عربي'],
  ])
  expect(screen.getByRole('link', { name: 'عربي, العربية' })).toHaveAttribute(
    'href',
    '/mozzecane/menu?mese=2026-11&lingua=ar',
  )
  expect(screen.getByRole('link', { current: true })).toHaveAccessibleName('ITA, Italiano')
})

test.each([
  ['it', null],
  ['en', 'Courtesy translation: the Italian text counts.'],
  ['ar', 'ترجمة للمساعدة على الفهم: المعتمد هو النص الإيطالي.'],
] as const)('the foot of a page in %s says whether it is a translation', (language, words) => {
  render(
    <ClientWords language={language} catalogue={catalogueOf(language)}>
      <PortalFooter address="/" />
    </ClientWords>,
  )
  const said = within(screen.getByRole('contentinfo')).queryByText(/cortesia|Courtesy|ترجمة/)
  expect(said?.textContent ?? null).toBe(words)
})
