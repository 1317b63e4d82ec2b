import { cleanup, render, screen, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import {
  CommunicationList,
  type FamilyCommunication,
} from '#components/communications/communication-list.tsx'
import { CommunicationSheet, type SheetText } from '#components/communications/communication-sheet.tsx'
import { AudienceFields } from '#components/office/communications/audience-fields.tsx'
import {
  CommunicationTable,
  type ListedCommunication,
} from '#components/office/communications/communication-table.tsx'
import { DryRunCard, type DryRunFacts } from '#components/office/communications/dry-run-card.tsx'
import type { SafeHtml } from '#lib/publishing/safe-html.ts'

const NOON = new Date('2026-11-24T12:00:00+01:00')

const communication = (given: Partial<FamilyCommunication> = {}): FamilyCommunication => ({
  id: 'a',
  title: 'Venerdì la mensa è chiusa',
  kind: 'notice',
  excerpt: 'Venerdì la mensa resta chiusa.',
  publishedAt: NOON,
  correctedAt: null,
  isRead: true,
  isExpired: false,
  withdrawnAt: null,
  acknowledgement: 'not-asked',
  acknowledgeBy: null,
  files: 0,
  ...given,
})

describe('the family’s list', () => {
  const words = (given: Partial<FamilyCommunication>) => {
    render(<CommunicationList municipalitySlug="mozzecane" communications={[communication(given)]} />)
    return screen.getByRole('listitem').textContent ?? ''
  }

  test('each leads to its own page', () => {
    words({})
    expect(screen.getByRole('link', { name: 'Venerdì la mensa è chiusa' })).toHaveAttribute(
      'href',
      '/mozzecane/comunicazioni/a',
    )
  })

  test.each([
    ['unread is a word', { isRead: false }, 'Da leggere'],
    [
      'a confirmation has its day',
      { acknowledgement: 'asked', acknowledgeBy: '2026-12-01' },
      'Da confermare entro il 01/12/2026',
    ],
    ['after its day it is late', { acknowledgement: 'asked-late' }, 'Da confermare, in ritardo'],
    ['once given it is done', { acknowledgement: 'done' }, 'Confermata'],
    ['withdrawn', { withdrawnAt: NOON, kind: null }, 'Ritirata'],
    ['expired', { isExpired: true, isRead: false }, 'Scaduta'],
    ['corrected', { correctedAt: NOON }, 'corretta il 24 novembre 2026'],
    ['with files', { files: 2 }, '2 allegati'],
  ] as const)('%s', (_, given, expected) => expect(words(given)).toContain(expected))

  test('what was read, and what has expired, is not called unread', () => {
    expect(words({})).not.toContain('Da leggere')
    cleanup()
    expect(words({ isRead: false, isExpired: true })).not.toContain('Da leggere')
  })
})

const text = (given: Partial<SheetText> = {}): SheetText => ({
  version: 2,
  isCurrent: true,
  kind: 'notice',
  body: '<p>Testo</p>' as SafeHtml,
  files: [],
  expiresAt: null,
  isExpired: false,
  acknowledgement: 'not-asked',
  mode: 'none',
  acknowledgeBy: null,
  acknowledged: null,
  ...given,
})

describe('a communication', () => {
  const sheet = (
    given: Partial<SheetText>,
    versions: Parameters<typeof CommunicationSheet>[0]['versions'] = [],
  ) =>
    render(
      <CommunicationSheet
        municipalitySlug="mozzecane"
        path="/mozzecane/comunicazioni/a"
        text={text(given)}
        versions={versions}
        form={<button type="button">Ho letto e preso atto</button>}
      />,
    )

  test('asks for the confirmation with its day, and says for whom it counts', () => {
    sheet({ acknowledgement: 'asked', mode: 'household', acknowledgeBy: '2026-12-01' })
    expect(screen.getByText(/Entro martedì 1 dicembre.*Basta la conferma di un adulto/)).toBeVisible()
    expect(screen.getByRole('button', { name: 'Ho letto e preso atto' })).toBeVisible()
  })

  test('after its day it says so and still takes it', () => {
    sheet({ acknowledgement: 'asked-late', mode: 'person', acknowledgeBy: '2026-11-20' })
    expect(screen.getByRole('heading', { name: 'Il termine per confermare è passato' })).toBeVisible()
    expect(screen.getByRole('button', { name: 'Ho letto e preso atto' })).toBeVisible()
  })

  test('once given it says who and when, and asks no more', () => {
    sheet({
      acknowledgement: 'done',
      mode: 'household',
      acknowledged: { by: 'Marco Conti', at: NOON, wasLate: false },
    })
    expect(screen.getByText(/Marco Conti, 24\/11\/2026 alle 12:00/)).toBeVisible()
    expect(screen.queryByRole('button')).not.toBeInTheDocument()
  })

  test('a correction says why and leads to the text of before', () => {
    sheet({}, [
      { number: 2, publishedAt: NOON, reason: 'Il giorno era sbagliato.' },
      { number: 1, publishedAt: NOON, reason: '' },
    ])
    expect(screen.getByText('Motivo: Il giorno era sbagliato.')).toBeVisible()
    expect(screen.getByRole('link', { name: /Il testo uscito il/ })).toHaveAttribute(
      'href',
      '/mozzecane/comunicazioni/a?versione=1',
    )
  })

  test('its files say what they are before they are downloaded', () => {
    sheet({
      files: [
        { id: 'f', name: 'circolare.pdf', title: 'Circolare', mediaType: 'application/pdf', size: 2048 },
      ],
    })
    expect(screen.getByRole('listitem')).toHaveTextContent('PDF, 2 kB')
  })
})

const line = (given: Partial<ListedCommunication> = {}): ListedCommunication => ({
  id: 'a',
  title: 'Saldo da ricaricare',
  kind: 'reminder',
  about: 'money',
  state: 'published',
  pending: 'none',
  author: 'Paola Ferrari',
  savedAt: NOON,
  publishedAt: NOON,
  dueAt: null,
  figures: {
    households: 38,
    persons: 40,
    read: 12,
    asked: 38,
    acknowledged: 9,
    mailsSent: 36,
    mailsWaiting: 1,
    mailsRefused: 3,
  },
  ...given,
})

describe('the office’s list', () => {
  test('says how far each has come, mails that did not arrive included', () => {
    render(<CommunicationTable municipalitySlug="mozzecane" lines={[line()]} />)
    const words = screen.getByRole('listitem').textContent
    for (const part of [
      'Sollecito sui pagamenti',
      '40 persone di 38 famiglie',
      '12 di 40',
      '9 di 38',
      '36 spedite',
      '1 in coda',
      '3 non arrivate',
    ])
      expect(words).toContain(part)
  })

  test('a correction that waits is visible', () => {
    render(<CommunicationTable municipalitySlug="mozzecane" lines={[line({ pending: 'submitted' })]} />)
    expect(screen.getByText('Correzione da approvare')).toBeVisible()
  })
})

describe('the dry run', () => {
  const facts = (given: Partial<DryRunFacts> = {}): DryRunFacts => ({
    households: 2,
    persons: 3,
    withEmail: 2,
    withoutEmail: ['Conti Laura'],
    withoutEmailCount: 1,
    unreached: [],
    sample: [{ household: 'Conti', adults: ['Laura Conti', 'Marco Conti'], balanceCents: -1620 }],
    ...given,
  })

  test('shows exact numbers, an example, and who has no e-mail', () => {
    render(<DryRunCard facts={facts()} />)
    expect(screen.getByText('3 persone')).toBeVisible()
    expect(
      screen.getByText(
        /di 2 famiglie\. Nel portale la trovano tutte; per e-mail la ricevono al massimo in 2/,
      ),
    ).toBeVisible()
    expect(screen.getByText(/−16,20/)).toBeVisible()
    expect(screen.getByText('Senza e-mail: 1')).toBeVisible()
  })

  test('an empty list says that it is empty', () => {
    render(<DryRunCard facts={facts({ persons: 0, households: 0, sample: [] })} />)
    expect(screen.getByRole('heading', { name: 'Nessun destinatario' })).toBeVisible()
  })
})

describe('choosing who gets it', () => {
  test('the office chooses schools, classes by school and single families, and sees what was chosen', () => {
    render(
      <AudienceFields
        options={{
          services: [{ id: 's', name: 'Refezione' }],
          schools: [{ id: 'p', name: 'Primaria', classes: [{ id: 'c', name: '3A' }] }],
          households: [{ id: 'h', name: 'Conti', holder: 'Laura Conti' }],
        }}
        to="classes"
        chosen={['c']}
        inDebt={false}
        codes=""
        error={undefined}
      />,
    )
    expect(screen.getByRole('radio', { name: 'Una o più classi' })).toHaveProperty('checked', true)
    const classes = screen.getByRole('group', { name: 'Quali classi', hidden: true })
    expect(within(classes).getByRole('checkbox', { name: '3A', hidden: true })).toHaveProperty(
      'checked',
      true,
    )
    expect(screen.getByRole('checkbox', { name: 'Conti (Laura Conti)', hidden: true })).toBeVisible()
    expect(screen.queryByRole('radio', { name: 'Chi usa un servizio' })).not.toBeInTheDocument()
  })
})
