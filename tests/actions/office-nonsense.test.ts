import path from 'node:path'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Action } from '#lib/entry/action.request.ts'
import { UNTOUCHED } from '#lib/web/form-state.ts'
import { aCast, type Cast } from '#tests/support/actors.ts'
import { runClockFrom, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'

/** What a clerk with a bad clipboard, or a bad intention, sends with the office's forms: an answer each time, never a failure. */
const request = vi.hoisted(() => ({ headers: new Headers(), cookie: '' }))
vi.mock('next/headers', () => ({
  headers: async () => request.headers,
  cookies: async () => ({
    get: (name: string) => {
      const [found, value] = request.cookie.split('=')
      return found === name && value ? { name, value } : undefined
    },
  }),
}))
vi.mock('next/cache', () => ({ revalidatePath: () => undefined }))
vi.mock('react', async (original) => ({
  ...(await original<typeof import('react')>()),
  cache: (work: unknown) => work,
}))

const TEXTS = {
  'a character that no database keeps': 'Menù\u0000 d’inverno',
  'markup and a script': '<script>alert(1)</script><img src=x onerror=alert(1)>',
  'a whole book': 'Lorem ipsum '.repeat(20_000),
  'directions and faces': '\u202etxet 😀👨‍👩‍👧',
  'what a spreadsheet would run': '=HYPERLINK("https://altrove.example")',
}

const OFFICE_PAGES = path.join(import.meta.dirname, '..', '..', 'app', 'admin', '[comune]')

type Fields = Record<string, string>

/** Each form of the office that takes words: where it is, its other fields, and the fields where the words go. */
const FORMS: [place: string, action: string, fields: Fields, words: string[]][] = [
  [
    '_contenuti',
    'saveDraft',
    { kind: 'news', id: '', baseVersion: '0', category: 'avvisi' },
    ['title', 'summary', 'body', 'category'],
  ],
  [
    'comunicazioni',
    'save',
    { id: '', baseVersion: '0', kind: 'notice', about: 'service', to: 'everybody' },
    ['title', 'body', 'codes', 'reason', 'acknowledgeBy', 'expiresAt'],
  ],
  [
    'questionari',
    'saveDraft',
    { id: '', version: '0', per: 'child', 'q0.kind': 'one' },
    ['title', 'intro', 'q0.words', 'q0.options', 'q0.lowLabel', 'opensAt'],
  ],
  [
    'menu',
    'keepDish',
    { id: '', revision: '0', course: 'primo', declared: 'si' },
    ['name', 'ingredients', 'course', 'allergens[]', 'diets[]'],
  ],
  [
    'menu',
    'newMenu',
    { startsOn: '2099-03-01', endsOn: '2099-03-31', weeks: '4', firstWeek: '1' },
    ['name', 'startsOn', 'weeks', 'schoolIds[]'],
  ],
  ['menu', 'keepLeftovers', { day: '2026-11-23', unit: 'kg' }, ['schoolId', 'classId', 'day', 'a-primo']],
  [
    'calendario',
    'confirmClosure',
    { day: '2099-03-04', schoolId: '', kind: 'strike', meals: '9', refundCents: '0' },
    ['reason', 'day', 'schoolId', 'kind'],
  ],
  [
    'calendario',
    'confirmUndoing',
    { closureId: '01890000-0000-7000-8000-000000000000', schools: '1', meals: '9', chargeCents: '0' },
    ['reason', 'closureId'],
  ],
  [
    'impostazioni/scuole',
    'newSchool',
    { name: 'Rodari', kind: 'primaria', street: 'Via Roma 1', classes: '' },
    ['street', 'mechanographicCode', 'classes', 'kind'],
  ],
  [
    'impostazioni/servizi',
    'newService',
    {
      ...{ name: 'Merenda', price: '1,20', from: '2099-03-04', weekdays: 'lun', cutoffTime: '09:30' },
      ...{ cutoffDaysBefore: '0', cancelledBy: 'all', isCooked: 'si', isEverywhere: 'no' },
    },
    ['name', 'price', 'from', 'weekdays', 'cutoffTime', 'cancelledBy', 'intent', 'fingerprint'],
  ],
  [
    'impostazioni/cucine',
    'newKitchen',
    { name: 'Centro cottura', emails: 'cucina@esempio.it', phone: '' },
    ['name', 'emails', 'phone'],
  ],
  [
    'impostazioni/anni',
    'newYear',
    { startsOn: '2098-09-01', endsOn: '2099-08-31', serviceFrom: '2098-09-14', serviceTo: '2099-06-05' },
    ['startsOn', 'endsOn', 'serviceFrom', 'intent', 'fingerprint'],
  ],
  ['impostazioni/avvio', 'open', { day: '2099-03-04' }, ['day', 'intent', 'fingerprint']],
  ['_elenchi', 'keepView', { list: 'alunni', query: '', name: 'Mia' }, ['list', 'query', 'name']],
  ['_elenchi', 'dropView', { list: 'alunni', query: '' }, ['list', 'query', 'id']],
  ['alunni', 'movePupilsOfList', { query: '' }, ['query', 'all', 'chosen[]']],
  ['alunni', 'writeToFamilies', { query: '' }, ['query', 'all', 'chosen[]']],
  ['famiglie', 'writeToFamilies', { query: '' }, ['query', 'all', 'chosen[]']],
  [
    'famiglie/[householdId]',
    'changeHolder',
    { fiscalCode: 'CNTLRA86D52L781X' },
    [
      'householdId',
      'fiscalCode',
      'givenName',
      'familyName',
      'birthDay',
      'email',
      'reason',
      'intent',
      'seen',
      'after',
    ],
  ],
  [
    'famiglie/nuova',
    'registerFamily',
    { 'holder-fiscalCode': 'CNTLRA86D52L781X' },
    [
      'householdId',
      'holder-fiscalCode',
      'holder-givenName',
      'holder-phone',
      'delegate-givenName',
      'pupil1-fiscalCode',
      'pupil1-birthDay',
      'pupil1-classId',
      'pupil1-services[]',
      'pupil1-from',
      'seen',
    ],
  ],
  [
    'famiglie/classi',
    'move',
    { from: '2099-03-04', reason: 'Cambio' },
    ['serviceId', 'classId', 'from', 'pupils[]', 'reason', 'seen'],
  ],
  [
    'famiglie/passaggio',
    'keepRules',
    { yearId: '01890000-0000-7000-8000-000000000000' },
    ['yearId', 'revision', 'renewalFormId', 'diets[]'],
  ],
  [
    'famiglie/passaggio',
    'keepClasses',
    { rolloverId: '01890000-0000-7000-8000-000000000000' },
    ['rolloverId', 'revision', 'to[]'],
  ],
  [
    'famiglie/passaggio',
    'keepPupils',
    { rolloverId: '01890000-0000-7000-8000-000000000000', decision: 'goes' },
    ['rolloverId', 'revision', 'decision', 'toClassId', 'pupils[]', 'back'],
  ],
  [
    'famiglie/passaggio',
    'goOver',
    { rolloverId: '01890000-0000-7000-8000-000000000000' },
    ['rolloverId', 'intent', 'fingerprint'],
  ],
  [
    'famiglie/[householdId]',
    'end',
    { last: '2099-03-04', reason: 'Si trasferisce' },
    ['pupilId', 'householdId', 'serviceId', 'last', 'reason', 'seen'],
  ],
  [
    'famiglie/[householdId]',
    'eatOnOtherDays',
    { weekdays: 'lun mer', from: '2099-03-04', reason: 'Tempo ridotto' },
    ['pupilId', 'householdId', 'serviceId', 'weekdays', 'from', 'reason', 'seen'],
  ],
  [
    'famiglie/[householdId]',
    'divideMeals',
    {
      ...{ fiscalCode: 'CNTLRA86D52L781X', firstMonday: '2099-03-02', firstWeek: 'lun mar' },
      ...{ from: '2099-03-04', reason: 'Genitori separati' },
    },
    [
      ...[
        'pupilId',
        'householdId',
        'fiscalCode',
        'givenName',
        'familyName',
        'birthDay',
        'email',
        'firstMonday',
      ],
      ...['firstWeek', 'secondWeek', 'from', 'to', 'reason', 'seen'],
    ],
  ],
  [
    'famiglie/[householdId]',
    'giveMealsBack',
    { from: '2099-03-04', reason: 'Tornano insieme' },
    ['pupilId', 'householdId', 'from', 'reason', 'seen'],
  ],
  ['famiglie/[householdId]', 'undoChange', {}, ['householdId', 'undoReason', 'intent', 'seen', 'after']],
  [
    'famiglie/[householdId]',
    'correct',
    { kind: 'adult', fiscalCode: 'CNTLRA86D52L781X' },
    [
      'kind',
      'id',
      'householdId',
      'fiscalCode',
      'givenName',
      'familyName',
      'birthDay',
      'earlier',
      'opens[]',
      'reason',
    ],
  ],
  [
    'impostazioni/gestore',
    'saveSupplier',
    {
      name: 'Tangram',
      vatNumber: '01234567897',
      fiscalCode: '01234567897',
      taxRegime: 'RF01',
      street: 'Via Po 7',
      postalCode: '37060',
      city: 'Mozzecane',
      province: 'VR',
      email: 'a@example.it',
      phone: '045',
      revision: '0',
    },
    [
      'name',
      'vatNumber',
      'fiscalCode',
      'taxRegime',
      'street',
      'postalCode',
      'city',
      'province',
      'email',
      'phone',
    ],
  ],
  [
    'impostazioni',
    'changeSettings',
    {
      name: 'Mozzecane',
      street: 'Via Roma 1',
      postcode: '37060',
      phone: '045',
      email: 'a@example.it',
      pec: 'b@example.it',
      officeHours: '',
      dpoName: '',
      dpoEmail: '',
      securityContact: '',
      siteUrl: '',
      transparencyUrl: '',
      accessibilityDeclarationUrl: '',
      accessibilityGoalsUrl: '',
      appointmentUrl: '',
      reportUrl: '',
      usualColour: 'on',
      colour: '#0066cc',
    },
    [
      'name',
      'street',
      'postcode',
      'phone',
      'email',
      'officeHours',
      'dpoName',
      'siteUrl',
      'securityContact',
      'colour',
    ],
  ],
  ['moduli', 'newForm', {}, ['kind']],
  [
    'moduli/domande',
    'prepareAcceptance',
    { query: '', 'chosen[]': '00000000-0000-7000-8000-000000000000' },
    ['query', 'formId', 'all', 'classId', 'chosen[]'],
  ],
  [
    'moduli/domande',
    'prepareAsking',
    {
      query: '',
      'chosen[]': '00000000-0000-7000-8000-000000000000',
      words: 'Manca qualcosa',
      dueOn: '2026-12-09',
    },
    ['query', 'formId', 'all', 'words', 'dueOn', 'chosen[]'],
  ],
  [
    'moduli/posti',
    'savePlaces',
    {
      yearName: '2026/2027',
      'classes[]': '00000000-0000-7000-8000-000000000000',
      'shown[]': '',
      'places[]': '3',
    },
    ['yearName', 'classes[]', 'shown[]', 'places[]'],
  ],
  [
    'moduli/collegamenti',
    'decideLink',
    { id: '00000000-0000-7000-8000-000000000000' },
    ['id', 'intent', 'pupilId', 'fingerprint'],
  ],
  [
    'famiglie/doppi',
    'merge',
    {
      ...{ oneId: '00000000-0000-7000-8000-000000000000', otherId: '00000000-0000-7000-8000-000000000001' },
      ...{ keep: 'one', name: 'one', birth: 'one', code: 'one' },
    },
    ['oneId', 'otherId', 'intent', 'seen', 'keep', 'name', 'birth', 'code', 'reason'],
  ],
  [
    'famiglie/doppi',
    'undo',
    { oneId: '00000000-0000-7000-8000-000000000000', otherId: '00000000-0000-7000-8000-000000000001' },
    ['oneId', 'otherId', 'mergeId', 'intent', 'seen', 'reason'],
  ],
  [
    'famiglie/doppi',
    'mergePeople',
    {
      ...{ oneId: '00000000-0000-7000-8000-000000000000', otherId: '00000000-0000-7000-8000-000000000001' },
      ...{ keep: 'one', name: 'one', code: 'one', otherCode: 'closes' },
    },
    ['oneId', 'otherId', 'intent', 'seen', 'keep', 'name', 'code', 'otherCode', 'checked', 'reason'],
  ],
  [
    'famiglie/doppi',
    'splitPeople',
    { oneId: '00000000-0000-7000-8000-000000000000', otherId: '00000000-0000-7000-8000-000000000001' },
    ['oneId', 'otherId', 'mergeId', 'intent', 'seen', 'reason'],
  ],
  [
    'famiglie/doppi',
    'mergeFamilies',
    {
      ...{ oneId: '00000000-0000-7000-8000-000000000000', otherId: '00000000-0000-7000-8000-000000000001' },
      keep: 'one',
    },
    ['oneId', 'otherId', 'intent', 'seen', 'keep', 'reason'],
  ],
  [
    'famiglie/doppi',
    'splitFamilies',
    { oneId: '00000000-0000-7000-8000-000000000000', otherId: '00000000-0000-7000-8000-000000000001' },
    ['oneId', 'otherId', 'mergeId', 'intent', 'seen', 'reason'],
  ],
  [
    'famiglie/doppi',
    'apart',
    {
      ...{ oneId: '00000000-0000-7000-8000-000000000000', otherId: '00000000-0000-7000-8000-000000000001' },
      kind: 'pupil',
    },
    ['oneId', 'otherId', 'kind', 'reason'],
  ],
  ['famiglie/doppi', 'together', { id: '00000000-0000-7000-8000-000000000000' }, ['id']],
  [
    'famiglie/[householdId]',
    'erase',
    { householdId: '00000000-0000-7000-8000-000000000000' },
    ['householdId', 'pupilId', 'intent', 'seen', 'reason'],
  ],
  [
    'famiglie/trasferimenti',
    'send',
    { householdId: '00000000-0000-7000-8000-000000000000', last: '2026-11-27', withDiets: 'no' },
    ['householdId', 'toId', 'pupilId', 'intent', 'seen', 'last', 'withDiets', 'reason'],
  ],
  [
    'famiglie/trasferimenti',
    'withdraw',
    { id: '00000000-0000-7000-8000-000000000000', restore: 'si' },
    ['id', 'intent', 'seen', 'restore', 'reason'],
  ],
  [
    'famiglie/trasferimenti',
    'refuse',
    { id: '00000000-0000-7000-8000-000000000000' },
    ['id', 'intent', 'seen', 'reason'],
  ],
  ['denaro', 'note', { id: '00000000-0000-7000-8000-000000000000' }, ['id', 'note']],
  ['denaro', 'ask', {}, ['id']],
  [
    'rimborsi',
    'decide',
    { id: '00000000-0000-7000-8000-000000000000', revision: '1', decision: 'keep' },
    ['id', 'revision', 'intent', 'seen', 'decision', 'targetId', 'reason'],
  ],
  [
    'rimborsi',
    'comesBack',
    { id: '00000000-0000-7000-8000-000000000000', revision: '1' },
    ['id', 'revision', 'reason'],
  ],
  ['questionari', 'publish', { version: '1' }, ['id', 'version']],
  ['moduli/[id]/domande', 'reject', { id: '00000000-0000-7000-8000-000000000000' }, ['id', 'reason']],
  [
    'moduli/[id]/domande',
    'decide',
    { id: '00000000-0000-7000-8000-000000000000' },
    ['note', 'classId', 'from', 'seen', 'intent'],
  ],
  ['invii', 'retry', {}, ['id']],
  [
    'colleghi',
    'invite',
    { fiscalCode: 'CNTLRA86D52L781X', 'roles[]': 'operator', from: '2099-01-01' },
    ['fiscalCode', 'givenName', 'familyName', 'birthDay', 'email', 'roles[]', 'from', 'to', 'intent', 'seen'],
  ],
  [
    'colleghi',
    'giveRoles',
    { personId: '00000000-0000-7000-8000-000000000000', 'roles[]': 'operator', from: '2099-01-01' },
    ['personId', 'roles[]', 'from', 'to', 'intent', 'seen'],
  ],
  [
    'colleghi',
    'endRole',
    { roleId: '00000000-0000-7000-8000-000000000000', end: 'day', lastDay: '2099-01-01' },
    ['roleId', 'end', 'lastDay', 'intent', 'seen'],
  ],
]

let cast: Cast

beforeAll(async () => {
  await testDatabase()
  await runClockFrom(new Date())
  cast = await aCast('2099-03-04')
})
beforeEach(() => {
  request.headers = new Headers({ origin: TEST_ENVIRONMENT.PUBLIC_ORIGIN })
  request.cookie = cast.cookies.manager
})

/** What came of it: the answer of the form, the page that says it is done, or not found. Anything else is a failure. */
async function outcomeOf(action: Action<unknown>, form: FormData): Promise<string> {
  try {
    const state = await action(UNTOUCHED, form)
    if (state.ok === false) expect(state.error?.message).toBeTruthy()
    return state.ok ? 'done' : 'refused'
  } catch (error) {
    const digest = String((error as { digest?: string }).digest ?? '')
    if (digest.startsWith('NEXT_REDIRECT')) return 'done'
    if (digest.includes('404')) return 'not found'
    throw error
  }
}

/** The form as a person who has just opened the settings would send it. */
async function revisionOfSettings(): Promise<string> {
  const { owner } = await testDatabase()
  const row = await owner
    .selectFrom('municipality_settings')
    .select('revision')
    .where('municipality_id', '=', cast.municipality.municipalityId)
    .executeTakeFirst()
  return String(row?.revision ?? 0)
}

test.each(Object.entries(TEXTS))('%s in what a form was built from', async (_, text) => {
  const { changeSettings } = await import(path.join(OFFICE_PAGES, 'impostazioni', 'actions.ts'))
  const [, , settings] = FORMS.find(([place]) => place === 'impostazioni') ?? (FORMS[0] as (typeof FORMS)[0])
  for (const [name, at] of [
    ['basis', '99'],
    ['revision', text],
  ] as const) {
    const form = new FormData()
    for (const [key, value] of Object.entries({
      ...settings,
      municipalitySlug: cast.municipality.slug,
      revision: at,
    }))
      form.set(key, value)
    form.set(name, text)
    expect(await outcomeOf(changeSettings, form)).toBe('refused')
  }
})

describe.each(FORMS)('%s %s', (place, name, fields, words) => {
  test.each(Object.entries(TEXTS))('%s', async (_, text) => {
    const actions = (await import(path.join(OFFICE_PAGES, place, 'actions.ts'))) as Record<
      string,
      Action<unknown>
    >
    for (const field of words) {
      const form = new FormData()
      form.set('municipalitySlug', cast.municipality.slug)
      for (const [key, value] of Object.entries({
        ...fields,
        ...Object.fromEntries(words.map((key) => [key, fields[key] ?? 'Prova'])),
      }))
        form.set(key, value)
      if (place === 'impostazioni') form.set('revision', await revisionOfSettings())
      form.set(field, text)
      expect(['done', 'refused', 'not found'], field).toContain(
        await outcomeOf(actions[name] as Action<unknown>, form),
      )
    }
  })
})
