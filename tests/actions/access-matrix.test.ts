import { readdirSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { changeWasLost } from '#lib/access/return-path.ts'
import type { Action } from '#lib/entry/action.request.ts'
import { PATH_HEADER } from '#lib/kernel/request-path.ts'
import { UNTOUCHED } from '#lib/web/form-state.ts'
import { ACTORS, type Actor, aCast, type Cast } from '#tests/support/actors.ts'
import { runClockFrom, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'

/**
 * Every server action, called by every role, through the real guard: origin, session, role read from the database. A person who
 * may not use it finds nothing there; whoever may is answered about the form. An action without a row fails here.
 */
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
vi.mock('react', async (original) => ({
  ...(await original<typeof import('react')>()),
  cache: (work: unknown) => work,
}))

const PAYER: Actor[] = ['stranger', 'holder']
const PARENT: Actor[] = ['stranger', 'holder', 'delegate']
const OFFICE: Actor[] = ['operator', 'accountant', 'manager']
const EVERY_OFFICE: Actor[] = [...OFFICE, 'editor']
const CONTENT_OFFICE: Actor[] = ['manager', 'editor']
const MANAGER: Actor[] = ['manager']
const CALENDAR_OFFICE: Actor[] = ['operator', 'manager']
const TARIFF_OFFICE: Actor[] = ['accountant', 'manager']
const REGISTRY_OFFICE: Actor[] = ['operator', 'manager']
const VIEW_KEEPERS: Actor[] = ['operator', 'accountant', 'manager', 'editor', 'schoolOffice']
const DIET_OFFICE: Actor[] = ['operator', 'manager']
const FORMS_OFFICE: Actor[] = ['operator', 'manager']
const ANYONE_WITH_A_ROLE: Actor[] = ACTORS.filter((actor) => !['anonymous', 'exDelegate'].includes(actor))

/** Who finds each action. The stranger is a holder too, of another family: the actions know no ids but the viewer's own. */
const MATRIX: Record<string, Actor[]> = {
  '/[comune]/(famiglia)/comunicazioni/[id]/actions.ts confirmRead': PARENT,
  '/[comune]/(famiglia)/menu-figli/actions.ts rate': PARENT,
  '/[comune]/(famiglia)/profilo/calendario/actions.ts makeFeed': PARENT,
  '/[comune]/(famiglia)/profilo/calendario/actions.ts dropFeed': PARENT,
  '/[comune]/(famiglia)/pagamenti/fatture/actions.ts giveAddress': PAYER,
  '/[comune]/(famiglia)/pagamenti/ricarica/actions.ts pay': PAYER,
  '/[comune]/(famiglia)/profilo/accessi/actions.ts remember': ANYONE_WITH_A_ROLE,
  '/[comune]/(famiglia)/profilo/accessi/actions.ts startPasskey': ANYONE_WITH_A_ROLE,
  '/[comune]/(famiglia)/profilo/accessi/actions.ts finishPasskey': ANYONE_WITH_A_ROLE,
  '/[comune]/(famiglia)/profilo/accessi/actions.ts forgetDevice': ANYONE_WITH_A_ROLE,
  '/[comune]/(famiglia)/profilo/accessi/actions.ts forgetPasskey': ANYONE_WITH_A_ROLE,
  '/[comune]/(famiglia)/profilo/accessi/actions.ts closeAccess': ANYONE_WITH_A_ROLE,
  '/[comune]/(famiglia)/profilo/actions.ts askEmail': PARENT,
  '/[comune]/(famiglia)/profilo/actions.ts confirm': PARENT,
  '/[comune]/(famiglia)/profilo/actions.ts savePhone': PARENT,
  '/[comune]/(famiglia)/profilo/actions.ts confirmTelephone': PARENT,
  '/[comune]/(famiglia)/profilo/actions.ts saveAddress': PAYER,
  '/[comune]/(famiglia)/notifiche/actions.ts readAll': PARENT,
  '/[comune]/(famiglia)/profilo/notifiche/actions.ts save': PARENT,
  '/[comune]/(famiglia)/profilo/notifiche/actions.ts subscribe': PARENT,
  '/[comune]/(famiglia)/profilo/notifiche/actions.ts remove': PARENT,
  '/[comune]/(famiglia)/profilo/notifiche/actions.ts tryOut': PARENT,
  '/admin/[comune]/invii/actions.ts retry': OFFICE,
  '/admin/[comune]/conteggi/actions.ts acknowledge': ['kitchen'],
  '/[comune]/(famiglia)/profilo/deleghe/actions.ts invite': PAYER,
  '/[comune]/(famiglia)/profilo/deleghe/actions.ts revoke': PAYER,
  '/[comune]/(famiglia)/profilo/deleghe/actions.ts withdraw': PAYER,
  '/[comune]/(famiglia)/profilo/deleghe/actions.ts leave': ['delegate'],
  '/[comune]/(famiglia)/moduli/actions.ts keepStep': PAYER,
  '/[comune]/(famiglia)/moduli/actions.ts sendForm': PAYER,
  '/[comune]/(famiglia)/moduli/actions.ts discard': PAYER,
  '/[comune]/(famiglia)/moduli/actions.ts answer': PAYER,
  '/[comune]/(famiglia)/moduli/actions.ts withdraw': PAYER,
  '/admin/[comune]/moduli/actions.ts newForm': FORMS_OFFICE,
  '/admin/[comune]/moduli/actions.ts saveSettings': FORMS_OFFICE,
  '/admin/[comune]/moduli/actions.ts arrange': FORMS_OFFICE,
  '/admin/[comune]/moduli/actions.ts saveStepPart': FORMS_OFFICE,
  '/admin/[comune]/moduli/actions.ts saveFieldPart': FORMS_OFFICE,
  '/admin/[comune]/moduli/actions.ts publish': FORMS_OFFICE,
  '/admin/[comune]/moduli/actions.ts close': FORMS_OFFICE,
  '/admin/[comune]/moduli/[id]/domande/actions.ts take': FORMS_OFFICE,
  '/admin/[comune]/moduli/[id]/domande/actions.ts assign': FORMS_OFFICE,
  '/admin/[comune]/moduli/[id]/domande/actions.ts ask': FORMS_OFFICE,
  '/admin/[comune]/moduli/[id]/domande/actions.ts reject': FORMS_OFFICE,
  '/admin/[comune]/moduli/[id]/domande/actions.ts decide': FORMS_OFFICE,
  '/admin/[comune]/moduli/domande/actions.ts prepareAcceptance': FORMS_OFFICE,
  '/admin/[comune]/moduli/domande/actions.ts prepareAsking': FORMS_OFFICE,
  '/admin/[comune]/moduli/gruppi/actions.ts confirm': FORMS_OFFICE,
  '/admin/[comune]/moduli/gruppi/actions.ts cancel': FORMS_OFFICE,
  '/admin/[comune]/moduli/gruppi/actions.ts again': FORMS_OFFICE,
  '/admin/[comune]/moduli/posti/actions.ts savePlaces': FORMS_OFFICE,
  '/admin/[comune]/moduli/collegamenti/actions.ts decideLink': FORMS_OFFICE,
  '/admin/[comune]/moduli/collegamenti/actions.ts refuse': FORMS_OFFICE,
  '/[comune]/(famiglia)/questionari/actions.ts sendAnswers': PARENT,
  '/admin/[comune]/questionari/actions.ts saveDraft': CALENDAR_OFFICE,
  '/admin/[comune]/questionari/actions.ts publish': ['manager'],
  '/admin/[comune]/questionari/actions.ts stop': ['manager'],
  '/admin/[comune]/questionari/actions.ts remind': ['manager'],
  '/admin/[comune]/questionari/actions.ts duplicate': CALENDAR_OFFICE,
  '/admin/[comune]/questionari/actions.ts discard': CALENDAR_OFFICE,
  '/admin/[comune]/_contenuti/actions.ts saveDraft': CONTENT_OFFICE,
  '/admin/[comune]/_contenuti/actions.ts publish': CONTENT_OFFICE,
  '/admin/[comune]/_contenuti/actions.ts askReview': CONTENT_OFFICE,
  '/admin/[comune]/_contenuti/actions.ts sendBack': CONTENT_OFFICE,
  '/admin/[comune]/_contenuti/actions.ts withdraw': CONTENT_OFFICE,
  '/admin/[comune]/_contenuti/actions.ts restoreVersion': CONTENT_OFFICE,
  '/admin/[comune]/_contenuti/actions.ts addPicture': CONTENT_OFFICE,
  '/admin/[comune]/comunicazioni/actions.ts save': OFFICE,
  '/admin/[comune]/comunicazioni/actions.ts submit': OFFICE,
  '/admin/[comune]/comunicazioni/actions.ts remind': OFFICE,
  '/admin/[comune]/comunicazioni/actions.ts addPicture': OFFICE,
  '/admin/[comune]/comunicazioni/actions.ts sendBack': MANAGER,
  '/admin/[comune]/comunicazioni/actions.ts approve': MANAGER,
  '/admin/[comune]/comunicazioni/actions.ts unschedule': MANAGER,
  '/admin/[comune]/comunicazioni/actions.ts withdraw': MANAGER,
  '/admin/[comune]/impostazioni/actions.ts changeSettings': CONTENT_OFFICE,
  '/admin/[comune]/impostazioni/gestore/actions.ts saveSupplier': TARIFF_OFFICE,
  '/admin/[comune]/impostazioni/avvio/actions.ts open': MANAGER,
  '/admin/[comune]/impostazioni/avvio/actions.ts takeBack': MANAGER,
  '/admin/[comune]/impostazioni/scuole/actions.ts newSchool': MANAGER,
  '/admin/[comune]/impostazioni/scuole/actions.ts saveSchool': MANAGER,
  '/admin/[comune]/impostazioni/scuole/actions.ts closeSchool': MANAGER,
  '/admin/[comune]/impostazioni/scuole/actions.ts moreClasses': MANAGER,
  '/admin/[comune]/impostazioni/scuole/actions.ts saveClass': MANAGER,
  '/admin/[comune]/impostazioni/scuole/actions.ts closeClass': MANAGER,
  '/admin/[comune]/impostazioni/scuole/actions.ts changeWeek': MANAGER,
  '/admin/[comune]/impostazioni/servizi/actions.ts newService': MANAGER,
  '/admin/[comune]/impostazioni/servizi/actions.ts saveName': MANAGER,
  '/admin/[comune]/impostazioni/servizi/actions.ts changeRule': MANAGER,
  '/admin/[comune]/impostazioni/servizi/actions.ts closeService': MANAGER,
  '/admin/[comune]/impostazioni/cucine/actions.ts newKitchen': MANAGER,
  '/admin/[comune]/impostazioni/cucine/actions.ts saveSetting': MANAGER,
  '/admin/[comune]/impostazioni/cucine/actions.ts saveKitchen': MANAGER,
  '/admin/[comune]/impostazioni/cucine/actions.ts serveSchool': MANAGER,
  '/admin/[comune]/impostazioni/cucine/actions.ts takeBack': MANAGER,
  '/admin/[comune]/impostazioni/anni/actions.ts newYear': MANAGER,
  '/admin/[comune]/impostazioni/anni/actions.ts correctYear': MANAGER,
  '/admin/[comune]/impostazioni/anni/actions.ts correctSpan': MANAGER,
  '/admin/[comune]/impostazioni/anni/actions.ts closeDays': MANAGER,
  '/admin/[comune]/impostazioni/anni/actions.ts changePatron': MANAGER,
  '/admin/[comune]/impostazioni/anni/actions.ts openDay': MANAGER,
  '/admin/[comune]/calendario/actions.ts confirmClosure': CALENDAR_OFFICE,
  '/admin/[comune]/denaro/actions.ts ask': TARIFF_OFFICE,
  '/admin/[comune]/denaro/actions.ts note': TARIFF_OFFICE,
  '/admin/[comune]/pagamenti/actions.ts settle': TARIFF_OFFICE,
  '/admin/[comune]/famiglie/doppi/actions.ts merge': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/doppi/actions.ts undo': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/doppi/actions.ts mergePeople': MANAGER,
  '/admin/[comune]/famiglie/doppi/actions.ts splitPeople': MANAGER,
  '/admin/[comune]/famiglie/doppi/actions.ts mergeFamilies': MANAGER,
  '/admin/[comune]/famiglie/doppi/actions.ts splitFamilies': MANAGER,
  '/admin/[comune]/famiglie/doppi/actions.ts apart': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/doppi/actions.ts together': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/[householdId]/actions.ts erase': MANAGER,
  '/admin/[comune]/famiglie/trasferimenti/actions.ts send': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/trasferimenti/actions.ts withdraw': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/trasferimenti/actions.ts refuse': REGISTRY_OFFICE,
  '/admin/[comune]/rimborsi/actions.ts take': TARIFF_OFFICE,
  '/admin/[comune]/rimborsi/actions.ts decide': TARIFF_OFFICE,
  '/admin/[comune]/rimborsi/actions.ts comesBack': TARIFF_OFFICE,
  '/admin/[comune]/calendario/actions.ts confirmUndoing': CALENDAR_OFFICE,
  '/admin/[comune]/tariffe/actions.ts decidePrice': TARIFF_OFFICE,
  '/admin/[comune]/tariffe/actions.ts takePriceBack': TARIFF_OFFICE,
  '/admin/[comune]/tariffe/actions.ts newBand': TARIFF_OFFICE,
  '/admin/[comune]/tariffe/actions.ts renameBand': TARIFF_OFFICE,
  '/admin/[comune]/tariffe/actions.ts openOrCloseBand': TARIFF_OFFICE,
  '/admin/[comune]/tariffe/actions.ts decideFare': TARIFF_OFFICE,
  '/admin/[comune]/tariffe/actions.ts decideRule': TARIFF_OFFICE,
  '/admin/[comune]/diete/actions.ts decide': DIET_OFFICE,
  '/admin/[comune]/diete/actions.ts createCode': DIET_OFFICE,
  '/admin/[comune]/diete/actions.ts changeCode': DIET_OFFICE,
  '/admin/[comune]/diete/actions.ts endCode': DIET_OFFICE,
  '/admin/[comune]/menu/actions.ts keepDish': CALENDAR_OFFICE,
  '/admin/[comune]/menu/actions.ts dropDish': CALENDAR_OFFICE,
  '/admin/[comune]/menu/actions.ts newMenu': CALENDAR_OFFICE,
  '/admin/[comune]/menu/actions.ts keepFrame': CALENDAR_OFFICE,
  '/admin/[comune]/menu/actions.ts keepWeek': CALENDAR_OFFICE,
  '/admin/[comune]/menu/actions.ts copyWeekTo': CALENDAR_OFFICE,
  '/admin/[comune]/menu/actions.ts keepReplacements': CALENDAR_OFFICE,
  '/admin/[comune]/menu/actions.ts readOrImport': CALENDAR_OFFICE,
  '/admin/[comune]/menu/actions.ts putBeforeFamilies': CALENDAR_OFFICE,
  '/admin/[comune]/menu/actions.ts takeAway': CALENDAR_OFFICE,
  '/admin/[comune]/menu/actions.ts announce': CALENDAR_OFFICE,
  '/admin/[comune]/menu/actions.ts takeChangeBack': CALENDAR_OFFICE,
  '/admin/[comune]/menu/actions.ts showOpinions': CALENDAR_OFFICE,
  '/admin/[comune]/menu/actions.ts keepLeftovers': CALENDAR_OFFICE,
  '/admin/[comune]/oggi/actions.ts take': EVERY_OFFICE,
  '/admin/[comune]/oggi/actions.ts finish': EVERY_OFFICE,
  '/admin/[comune]/avvisi/actions.ts save': EVERY_OFFICE,
  '/admin/[comune]/colleghi/actions.ts invite': MANAGER,
  '/admin/[comune]/colleghi/actions.ts giveRoles': MANAGER,
  '/admin/[comune]/colleghi/actions.ts endRole': MANAGER,
  '/admin/[comune]/_elenchi/actions.ts keepView': VIEW_KEEPERS,
  '/admin/[comune]/_elenchi/actions.ts dropView': VIEW_KEEPERS,
  '/admin/[comune]/alunni/actions.ts movePupilsOfList': REGISTRY_OFFICE,
  '/admin/[comune]/alunni/actions.ts writeToFamilies': OFFICE,
  '/admin/[comune]/famiglie/actions.ts writeToFamilies': OFFICE,
  '/admin/[comune]/famiglie/[householdId]/actions.ts changeHolder': OFFICE,
  '/admin/[comune]/famiglie/[householdId]/actions.ts correct': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/[householdId]/actions.ts undoChange': OFFICE,
  '/admin/[comune]/famiglie/[householdId]/actions.ts end': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/[householdId]/actions.ts undoEnrolment': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/[householdId]/actions.ts eatOnOtherDays': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/[householdId]/actions.ts divideMeals': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/[householdId]/actions.ts giveMealsBack': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/[householdId]/actions.ts look': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/nuova/actions.ts registerFamily': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/classi/actions.ts move': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/passaggio/actions.ts keepRules': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/passaggio/actions.ts keepClasses': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/passaggio/actions.ts makeClasses': MANAGER,
  '/admin/[comune]/famiglie/passaggio/actions.ts keepPupils': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/passaggio/actions.ts goOver': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/passaggio/actions.ts goBack': REGISTRY_OFFICE,
  '/admin/[comune]/famiglie/passaggio/actions.ts stop': REGISTRY_OFFICE,
  '/admin/[comune]/importa/actions.ts upload': REGISTRY_OFFICE,
  '/admin/[comune]/importa/actions.ts map': REGISTRY_OFFICE,
  '/admin/[comune]/importa/actions.ts sayClasses': REGISTRY_OFFICE,
  '/admin/[comune]/importa/actions.ts decide': REGISTRY_OFFICE,
  '/admin/[comune]/importa/actions.ts apply': REGISTRY_OFFICE,
  '/admin/[comune]/importa/actions.ts stop': REGISTRY_OFFICE,
  '/admin/[comune]/importa/actions.ts again': REGISTRY_OFFICE,
  '/admin/[comune]/importa/actions.ts undo': REGISTRY_OFFICE,
  '/admin/[comune]/importa/actions.ts discard': REGISTRY_OFFICE,
}

/** For whoever is signed in, known to the municipality or not: an invitation is answered before there is any role. */
const OF_ANY_CITIZEN = [
  '/[comune]/(famiglia)/invito/[token]/actions.ts answer',
  '/[comune]/(famiglia)/accesso/non-abilitato/actions.ts askToEnrol',
  '/[comune]/(famiglia)/accesso/non-abilitato/actions.ts askToLink',
]

const ROOT = path.join(import.meta.dirname, '..', '..', 'app')
let cast: Cast
let actions: Map<string, Action<unknown>>

beforeAll(async () => {
  await testDatabase()
  await runClockFrom(new Date())
  cast = await aCast('2099-03-04')
  actions = await everyAction()
})
beforeEach(() => {
  // As Next's scripts send it.
  request.headers = new Headers({ origin: TEST_ENVIRONMENT.PUBLIC_ORIGIN, 'next-action': '0' })
})

async function everyAction(): Promise<Map<string, Action<unknown>>> {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(^|\/)actions\.ts$/.test(file),
  )
  const found = new Map<string, Action<unknown>>()
  for (const file of files) {
    const module = (await import(path.join(ROOT, file))) as Record<string, Action<unknown>>
    for (const [name, action] of Object.entries(module)) found.set(`/${file} ${name}`, action)
  }
  return found
}

/** A form with next to nothing in it: whoever is let in hears what is missing, and nothing is done. */
async function ask(action: Action<unknown>, actor: Actor): Promise<'found' | 'not found'> {
  request.cookie = cast.cookies[actor]
  const form = new FormData()
  form.set('municipalitySlug', cast.municipality.slug)
  form.set('phone', 'non è un numero')
  try {
    const state = await action(UNTOUCHED, form)
    expect(state.ok, 'an empty form is not accepted').toBe(false)
    return 'found'
  } catch (error) {
    expect(String((error as { digest?: string }).digest)).toContain('404')
    return 'not found'
  }
}

describe('a server action', () => {
  for (const [name, allowed] of Object.entries(MATRIX)) {
    test(name, async () => {
      const action = actions.get(name)
      if (!action) throw new Error(`${name} is not there`)
      const answers: Record<string, string> = {}
      for (const actor of ACTORS) answers[actor] = await ask(action, actor)
      const expected = ACTORS.map((actor) => [actor, allowed.includes(actor) ? 'found' : 'not found'])
      expect(answers).toEqual(Object.fromEntries(expected))
    })
  }

  test('is refused from a foreign page for every role', async () => {
    for (const origin of ['https://altrove.example', 'null', null]) {
      request.headers = new Headers(origin === null ? {} : { origin })
      for (const [name, allowed] of Object.entries(MATRIX)) {
        request.cookie = cast.cookies[allowed[0] as Actor]
        const form = new FormData()
        form.set('municipalitySlug', cast.municipality.slug)
        const state = await actions.get(name)?.(UNTOUCHED, form)
        expect(state?.error?.message, name).toContain('non arriva da questo portale')
      }
    }
  })

  test('is not found by the same person in another municipality', async () => {
    const other = await aCast('2099-03-04')
    for (const [name, allowed] of Object.entries(MATRIX)) {
      request.cookie = cast.cookies[allowed[0] as Actor]
      const form = new FormData()
      form.set('municipalitySlug', other.municipality.slug)
      await expect(actions.get(name)?.(UNTOUCHED, form), name).rejects.toMatchObject({
        digest: expect.stringContaining('404'),
      })
    }
  })
})

describe('F17 a form that a browser without scripts sends when the session is over', () => {
  test('leads to the sign-in, which says that nothing was changed, and back to its page', async () => {
    request.cookie = cast.cookies.anonymous
    for (const [name, action] of actions) {
      const page = `/${cast.municipality.slug}/profilo?vista=2`
      request.headers = new Headers({ origin: TEST_ENVIRONMENT.PUBLIC_ORIGIN, [PATH_HEADER]: page })
      const form = new FormData()
      form.set('municipalitySlug', cast.municipality.slug)
      const { pathname, searchParams } = await action(UNTOUCHED, form).then(
        () => expect.unreachable(name),
        redirectOf,
      )
      const back = searchParams.get('ritorno')
      expect([pathname, back], name).toEqual([
        `/${cast.municipality.slug}/accesso`,
        `${page}&esito=request%3Asigned-out`,
      ])
      expect(changeWasLost(back)).toBe(true)
    }
  })

  test('is not found where its municipality is no municipality', async () => {
    request.cookie = cast.cookies.anonymous
    request.headers = new Headers({ origin: TEST_ENVIRONMENT.PUBLIC_ORIGIN })
    const form = new FormData()
    form.set('municipalitySlug', '//altrove.example')
    for (const [name, action] of actions)
      await expect(action(UNTOUCHED, form), name).rejects.toMatchObject({
        digest: expect.stringContaining('404'),
      })
  })
})

/** Where Next's redirect leads. */
const redirectOf = (error: unknown): URL =>
  new URL(String((error as { digest?: string }).digest).split(';')[2] ?? '', TEST_ENVIRONMENT.PUBLIC_ORIGIN)

test.each(OF_ANY_CITIZEN)('%s is for every signed-in person', async (name) => {
  const action = actions.get(name) as Action<unknown>
  for (const actor of ACTORS)
    expect(await ask(action, actor), actor).toBe(actor === 'anonymous' ? 'not found' : 'found')
})

test('has its row in this table', () => {
  const known = new Set([...Object.keys(MATRIX), ...OF_ANY_CITIZEN])
  expect([...actions.keys()].filter((name) => !known.has(name))).toEqual([])
})
