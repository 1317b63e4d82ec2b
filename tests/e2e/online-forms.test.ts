import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { dayInRome } from '#lib/kernel/day.ts'
import { type App, startApp } from '#tests/support/app.ts'
import {
  complaintsOf,
  DESKTOP,
  expectSound,
  openBrowser,
  openContext,
  scriptBytes,
} from '#tests/support/browser.ts'
import { signInAs } from '#tests/support/demo-sign-in.ts'

const CERTIFICATE = {
  name: 'certificato.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.from('%PDF-1.4\nprova'),
}
const MOST_SCRIPT_BYTES = 144 * 1024

let app: App
let browser: Browser
beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp({ worker: false }), openBrowser()])
})

/** In Italy, as the portal counts days. */
const isLastDayOfYear = () => /-08-31$/.test(dayInRome(new Date()))

const next = (page: Page) => page.getByRole('button', { name: 'Salva e continua' }).click()

/** From the list to the first step of a form. */
async function begin(page: Page, form: RegExp): Promise<void> {
  await page.goto(`${app.origin}/mozzecane/moduli`)
  await page.getByRole('link', { name: form }).click()
  await page.getByRole('link', { name: /^(Comincia|Continua)$/ }).click()
  await page.waitForURL(/moduli\/[0-9a-f-]+\/\w/)
}

describe('the form of a family', () => {
  it('is filled in on a small phone, step by step, sent once, and printed', async () => {
    const context = await openContext(browser, { viewport: { width: 320, height: 640 } })
    const page = await signInAs(context, app, 'otherHolder')
    const complaints = complaintsOf(page)
    await page.goto(`${app.origin}/mozzecane/moduli`)
    await expectSound(page)
    await begin(page, /Compila.*Richiesta di dieta/)
    await next(page)
    await page.getByRole('link', { name: /Perché serve una dieta\? Scegli una risposta/ }).waitFor()
    await expectSound(page)
    await page.getByLabel(/Moussa/).check()
    await page.getByLabel('Per motivi di salute').check()
    await next(page)
    await page.waitForURL(/\/salute$/)
    await expectSound(page)
    await page.getByLabel('Certificato del medico').setInputFiles(CERTIFICATE)
    await next(page)
    // What was wrong keeps nothing else back: the document is there, and is not sent twice.
    await page.getByRole('link', { name: 'certificato.pdf' }).waitFor()
    await page.getByLabel('Che cosa non può mangiare?').fill('Arachidi')
    await page.getByLabel('No', { exact: true }).check()
    await next(page)
    await page.waitForURL(/\/dichiarazioni$/)
    await page.getByLabel(/quello che ho scritto è vero/).check()
    await page.getByLabel(/informativa privacy/).check()
    await next(page)
    await page.waitForURL(/\/riepilogo$/)
    await page.getByText('Arachidi').waitFor()
    await expectSound(page)
    await page.getByRole('button', { name: 'Invia la domanda' }).dblclick()
    await page.waitForURL(/\/moduli\/domande\//)
    await page.getByText('La domanda è arrivata.', { exact: false }).waitFor()
    await expect.poll(() => page.getByText(/^\d+\/\d{4}$/).count()).toBeGreaterThan(0)
    await expectSound(page)
    await page.emulateMedia({ media: 'print' })
    await expect.poll(() => page.getByRole('button', { name: 'Ritira la domanda' }).isVisible()).toBe(false)
    await expect.poll(() => page.getByText('Arachidi').isVisible()).toBe(true)
    await page.emulateMedia({ media: 'screen' })
    await page.goto(`${app.origin}/mozzecane/moduli`)
    const sent = page.getByRole('region', { name: 'Le tue domande' }).getByRole('listitem')
    await expect.poll(() => sent.filter({ hasText: 'Moussa' }).count()).toBe(1)
    expect(complaints).toEqual([])
    await context.close()
  })

  it('works without JavaScript, draft included', async () => {
    const context = await openContext(browser, { javaScriptEnabled: false })
    const page = await signInAs(context, app, 'otherHolder')
    await begin(page, /Compila.*Rinuncia/)
    await page.getByLabel('Ultimo giorno di mensa').fill('2099-06-04')
    await next(page)
    await page.getByRole('link', { name: /Ho capito/ }).waitFor()
    expect(await page.getByLabel('Ultimo giorno di mensa').inputValue()).toBe('2099-06-04')
    await page.getByLabel(/Moussa/).check()
    await page.getByRole('button', { name: 'Salva la bozza ed esci' }).click()
    await page.getByText('La bozza è salvata', { exact: false }).waitFor()
    await page.getByRole('link', { name: /Continua la bozza.*Rinuncia/ }).click()
    await page.getByRole('link', { name: 'Continua', exact: true }).click()
    expect(await page.getByLabel(/Moussa/).isChecked()).toBe(true)
    await page.getByLabel(/Ho capito/).check()
    await next(page)
    await page.waitForURL(/\/riepilogo$/)
    await page.getByRole('button', { name: 'Invia la domanda' }).click()
    await page.waitForURL(/\/moduli\/domande\//)
    await page.getByText('Vuoi ritirare la domanda?').click()
    await page.getByRole('button', { name: 'Ritira la domanda' }).click()
    await page.waitForURL(/fatto=ritirata/)
    await context.close()
  })

  it('is never overwritten by a second tab, and loses nothing when the line drops', async () => {
    const context = await openContext(browser)
    const first = await signInAs(context, app, 'holder')
    await begin(first, /Compila.*Richiesta di dieta/)
    const second = await context.newPage()
    await second.goto(first.url())
    await first.getByLabel(/Greta/).check()
    await first.getByLabel('Per motivi etici o religiosi').check()
    await next(first)
    await first.waitForURL(/\/scelta$/)
    await second.getByLabel(/Sofia/).check()
    await next(second)
    await second.getByText('la bozza è cambiata', { exact: false }).waitFor()
    expect(await second.getByLabel(/Sofia/).isChecked()).toBe(true)

    await first.getByLabel('Senza carne', { exact: true }).check()
    await context.setOffline(true)
    await next(first)
    await first.getByText('Sembra che manchi la rete', { exact: false }).waitFor()
    expect(await first.getByLabel('Senza carne', { exact: true }).isChecked()).toBe(true)
    await context.setOffline(false)
    await next(first)
    await first.waitForURL(/\/dichiarazioni$/)
    await context.close()
  })

  it('says what is missing and takes the answer in place', async () => {
    const context = await openContext(browser)
    const page = await signInAs(context, app, 'holder')
    await page.goto(`${app.origin}/mozzecane/moduli`)
    await page
      .getByRole('region', { name: 'Le tue domande' })
      .getByRole('link', { name: 'Riduzione della tariffa' })
      .click()
    await page.getByText('manca la seconda pagina', { exact: false }).first().waitFor()
    await expectSound(page)
    await page.getByLabel('Documenti').setInputFiles(CERTIFICATE)
    await page.getByRole('button', { name: 'Manda all’ufficio' }).click()
    await page.waitForURL(/fatto=risposta/)
    await page.getByText('Integrazione mandata').waitFor()
    await context.close()
  })

  it('is not found by a delegate, not even the way to it', async () => {
    const context = await openContext(browser)
    const page = await signInAs(context, app, 'delegate')
    const response = await page.goto(`${app.origin}/mozzecane/moduli`)
    expect(response?.status()).toBe(404)
    await page.goto(`${app.origin}/mozzecane/altro`)
    await expect.poll(() => page.getByRole('link', { name: 'Moduli online' }).count()).toBe(0)
    await context.close()
  })

  it('carries no more script than a family page may', async () => {
    const context = await openContext(browser)
    const page = await signInAs(context, app, 'otherHolder')
    await begin(page, /(Compila|Continua).*Riduzione/)
    const bytes = await scriptBytes(page, () => page.reload({ waitUntil: 'networkidle' }))
    expect(bytes).toBeLessThanOrEqual(MOST_SCRIPT_BYTES)
    await context.close()
  })
})

describe('the office', () => {
  it('makes a form from a ready-made one, adapts it with the keyboard, looks at it and publishes it', async () => {
    const context = await openContext(browser, { viewport: DESKTOP })
    const page = await signInAs(context, app, 'operator')
    const complaints = complaintsOf(page)
    await page.goto(`${app.origin}/admin/mozzecane/moduli`)
    await expectSound(page)
    await page.getByRole('button', { name: /Crea.*Modulo vuoto/ }).click()
    await page.waitForURL(/fatto=creato/)
    await page.getByText('Da sistemare prima di pubblicare: 2').waitFor()
    await expectSound(page)
    await page.getByLabel('Titolo').fill('Bando per la merenda')
    await page.getByRole('button', { name: 'Salva', exact: true }).click()
    await page.waitForURL(/fatto=salvato/)
    for (const [kind, question] of [
      ['choice', 'Che merenda?'],
      ['short', 'Perché?'],
    ] as const) {
      await page.getByLabel(/Aggiungi una domanda/).selectOption(kind)
      await page.getByRole('button', { name: 'Aggiungi', exact: true }).click()
      await page.getByLabel('Domanda', { exact: true }).fill(question)
      if (kind === 'choice') await page.getByLabel('Risposte').fill('Frutta\nPane')
      else await page.getByLabel('Quando si mostra').selectOption({ label: 'Che merenda?: Pane' })
      await page.getByLabel('Domanda', { exact: true }).waitFor()
      await expectSound(page)
      await page.getByRole('button', { name: 'Salva', exact: true }).click()
      await page.waitForURL(/fatto=salvato/)
    }
    await page.getByRole('button', { name: 'Duplica la domanda Perché?' }).press('Enter')
    await page.getByText('Perché? (copia)', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Sposta su la domanda Perché? (copia)' }).press('Enter')
    await page.getByRole('button', { name: 'Sposta giù la domanda Perché? (copia)' }).waitFor()
    await page.getByRole('button', { name: 'Elimina la domanda Perché? (copia)' }).press('Enter')
    await page.getByText('Perché? (copia)', { exact: true }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Anteprima' }).click()
    await page.getByLabel('Pane').waitFor()
    await expectSound(page)
    await page.getByRole('link', { name: 'Torna al modulo' }).click()
    await page.getByRole('button', { name: 'Pubblica la versione 1' }).click()
    await page.waitForURL(/fatto=pubblicato/)
    expect(complaints).toEqual([])
    await context.close()
  })

  it('takes a request, reads first what accepting does, and does it; a colleague who decided otherwise is told, and corrects it', async () => {
    const context = await openContext(browser, { viewport: DESKTOP })
    const page = await signInAs(context, app, 'operator')
    const complaints = complaintsOf(page)
    await page.goto(`${app.origin}/admin/mozzecane/moduli`)
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Riduzione della tariffa' })
      .getByRole('link', { name: /da decidere/ })
      .click()
    await page.waitForURL(/\/domande$|\/domande\?/)
    await page.getByRole('row').last().waitFor()
    await expectSound(page)
    await page.getByRole('row').last().getByRole('link').click()
    await page.getByRole('button', { name: 'Prendi in esame' }).waitFor()
    await expectSound(page)
    await page.getByRole('button', { name: 'Prendi in esame' }).click()
    await page.waitForURL(/fatto=presa/)
    await page.getByLabel('Fascia di prezzo').selectOption({ index: 1 })
    await page.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
    if (isLastDayOfYear()) {
      // What begins tomorrow begins in another year, which this form is not about.
      await page.getByText('Il periodo finisce prima di cominciare.').first().waitFor()
      await expectSound(page)
      expect(complaints).toEqual([])
      return context.close()
    }
    await page.getByRole('status').getByText('si paga nella fascia').waitFor()
    await expectSound(page)
    const colleague = await signInAs(await openContext(browser), app, 'manager')
    const preview = async (index: number) => {
      await colleague.getByLabel('Fascia di prezzo').selectOption({ index })
      await colleague.getByRole('button', { name: 'Mostra che cosa succederà' }).click()
      await colleague.getByRole('status').getByText('si paga nella fascia').waitFor()
    }
    await colleague.goto(page.url().replace(/\?.*/, ''))
    await preview(2)
    await page.getByRole('button', { name: 'Conferma e accogli' }).click()
    await page.waitForURL(/fatto=accolta/)
    await page.getByRole('heading', { name: 'Correggi la decisione' }).waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Conferma e accogli' }).count()).toBe(0)
    await expectSound(page)

    await colleague.getByRole('button', { name: 'Conferma e accogli' }).click()
    await colleague.getByText(/Intanto .+ ha già deciso: /).waitFor()
    await expectSound(colleague)
    await colleague.reload()
    await preview(2)
    await colleague.getByRole('button', { name: 'Conferma la correzione' }).click()
    await colleague.waitForURL(/fatto=corretta/)
    await colleague.getByRole('listitem').filter({ hasText: 'Decisione corretta dall’ufficio' }).waitFor()
    await colleague.context().close()
    expect(complaints).toEqual([])
    await context.close()
  })
})

it('when no form is active the section says so, for the school year', async () => {
  await app.db.owner
    .updateTable('online_form')
    .set({ published_version: null, closed_at: null, closed_reason: '' })
    .execute()
  const context = await openContext(browser)
  const page = await signInAs(context, app, 'otherHolder')
  await page.goto(`${app.origin}/mozzecane/moduli`)
  await page
    .getByRole('heading', { name: /Nessun modulo è attivo per l’anno scolastico \d{4}\/\d{4}/ })
    .waitFor()
  await context.close()
})
