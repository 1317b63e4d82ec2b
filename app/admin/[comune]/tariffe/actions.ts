'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { decimalString } from '#lib/kernel/money.ts'
import { ok, type Refused, type Result } from '#lib/kernel/result.ts'
import { previewFare, setFare } from '#lib/tariffs/office/fare.commands.ts'
import { changeBand, closeBand, createBand } from '#lib/tariffs/office/fare-band.commands.ts'
import { giveByRule, previewFareRule } from '#lib/tariffs/office/fare-rule.commands.ts'
import { cancelPrice, previewPrice, setPrice } from '#lib/tariffs/office/price.commands.ts'
import {
  bandClosingInput,
  bandInput,
  bandWordsInput,
  fareInput,
  fareRuleInput,
  priceCancelInput,
  priceInput,
} from '#lib/tariffs/office/tariff.input.ts'
import type { TariffPreview } from '#lib/tariffs/office/tariff.ts'

/** On to the page that says what was done: the browser's *reload* repeats nothing. */
function on<T>(result: Result<T>, path: (value: T) => string): Refused {
  if (result.ok) redirect(path(result.value))
  return result
}
/** What would happen, with what was typed, for the second press. */
const shown = <Seen>(preview: Result<TariffPreview<Seen>>, typed: Record<string, string>) =>
  preview.ok ? ok({ ...preview.value, typed }) : preview

const tariffPage = (municipalitySlug: string, tail: string) => `/admin/${municipalitySlug}/tariffe${tail}`
const bandPage = (municipalitySlug: string, service: string, code: string, done: string) =>
  tariffPage(municipalitySlug, `/${service}/fasce/${code}?fatto=${done}`)
const capability = 'tariffs:manage'

export const decidePrice = staffAction({
  capability,
  input: priceInput,
  run: async (viewer, { intent, revision, fingerprint, price, ...typed }, municipalitySlug) => {
    const asked = { ...typed, cents: price }
    if (intent === 'preview' || revision === undefined)
      return shown(await previewPrice(viewer, asked), {
        price: decimalString(price).replace('.', ','),
        from: asked.from,
        note: asked.note,
      })
    return on(await setPrice(viewer, asked, { revision, fingerprint }), ({ service }) =>
      asked.bandCode === null
        ? tariffPage(municipalitySlug, '?fatto=prezzo')
        : bandPage(municipalitySlug, service, asked.bandCode, 'prezzo'),
    )
  },
})

export const takePriceBack = staffAction({
  capability,
  input: priceCancelInput,
  run: async (viewer, asked, municipalitySlug) =>
    on(await cancelPrice(viewer, asked), ({ service }) =>
      asked.bandCode === null
        ? tariffPage(municipalitySlug, '?fatto=annullato')
        : bandPage(municipalitySlug, service, asked.bandCode, 'annullato'),
    ),
})

export const newBand = staffAction({
  capability,
  input: bandInput,
  run: async (viewer, { name, description, price, ...typed }, municipalitySlug) =>
    on(
      await createBand(viewer, { ...typed, cents: price, words: { name, description } }),
      ({ service, code }) => bandPage(municipalitySlug, service, code, 'creata'),
    ),
})

export const renameBand = staffAction({
  capability,
  input: bandWordsInput,
  run: async (viewer, { name, description, ...asked }, municipalitySlug) =>
    on(await changeBand(viewer, asked, { name, description }), ({ service, code }) =>
      bandPage(municipalitySlug, service, code, 'salvata'),
    ),
})

export const openOrCloseBand = staffAction({
  capability,
  input: bandClosingInput,
  run: async (viewer, { close, ...asked }, municipalitySlug) =>
    on(await closeBand(viewer, asked, close === 'si'), ({ service, code }) =>
      bandPage(municipalitySlug, service, code, close === 'si' ? 'chiusa' : 'riaperta'),
    ),
})

export const decideFare = staffAction({
  capability,
  input: fareInput,
  run: async (viewer, { intent, fingerprint, ...asked }, municipalitySlug) => {
    if (intent === 'preview' || !fingerprint) {
      const { bandCode, from, to, reason } = asked
      return shown(await previewFare(viewer, asked), { bandCode, from, to, reason })
    }
    return on(await setFare(viewer, asked, { fingerprint }), ({ service }) =>
      tariffPage(
        municipalitySlug,
        `/${service}/alunni/${asked.pupilId}?fatto=${asked.bandCode ? 'data' : 'finita'}`,
      ),
    )
  },
})

export const decideRule = staffAction({
  capability,
  input: fareRuleInput,
  run: async (viewer, { intent, fingerprint, ...asked }, municipalitySlug) => {
    if (intent === 'preview' || !fingerprint) {
      const { serviceId: _, ...typed } = asked
      return shown(await previewFareRule(viewer, asked), typed)
    }
    return on(await giveByRule(viewer, asked, { fingerprint }), ({ service }) =>
      tariffPage(municipalitySlug, `/${service}/alunni?fascia=${asked.bandCode}&fatto=regola`),
    )
  },
})
