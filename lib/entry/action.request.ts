import { markedBefore, type Words } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'
import 'server-only'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import type * as z from 'zod'
import { allowedToFamily, allowedToStaff, type Capability } from '#lib/access/capabilities.ts'
import { isMunicipalitySlug } from '#lib/access/return-path.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { type Spending, usesOf } from '#lib/kernel/budgets.ts'
import { env } from '#lib/kernel/env.ts'
import { mergeForm } from '#lib/kernel/form-merge.ts'
import type { RefusalCode, Refused, Result } from '#lib/kernel/result.ts'
import { giveBackToBudget, takeFromBudget } from '#lib/session/budget.commands.ts'
import { fromOurPages, type SessionFacts } from '#lib/session/session.queries.ts'
import {
  askForIdentity,
  currentFiller,
  currentSession,
  currentViewer,
  isFreshlyIdentified,
  signInAgain,
} from '#lib/session/session.request.ts'
import { referTo } from '#lib/web/failure.adapter.ts'
import { fieldProblemInWords } from '#lib/web/field-problem.words.ts'
import type { FormError, FormState } from '#lib/web/form-state.ts'
import { fieldRefusalInWords, refusalInWords } from './refusals.ts'

type Definition<Actor, S extends z.ZodType, T> = {
  input: S
  /**
   * Sensitive: SPID or CIE of the last five minutes are asked for, even of a signed-in person. The person comes back to
   * the same form with what was typed: its page starts from `resumedForm`.
   */
  fresh?: boolean
  /** Fields that are kept nowhere, neither in the answer nor while the person is away. */
  secrets?: readonly string[]
  run: (actor: Actor, input: z.output<S>, municipalitySlug: string) => Promise<Result<T>>
}

/** What who acts must be allowed to. */
type Permitted = { capability: Capability }

/** What a person may do only so often: each action that is not the office's says what it spends, or why nothing. */
type Budgeted<S extends z.ZodType> = { budget: Spending<z.output<S>> }

/** A server action for `useActionState`; the form names the municipality in a hidden field `municipalitySlug`. */
export type Action<T> = (previous: FormState<T>, form: FormData) => Promise<FormState<T>>

/** What fails in an action has a reference of its own from here on, on the page and in the log. */
const referring =
  <T>(action: Action<T>): Action<T> =>
  async (previous, form) => {
    try {
      return await action(previous, form)
    } catch (error) {
      throw referTo(error)
    }
  }

/** The office looks as a family sees the portal: no form changes anything. */
const refusedWhileLooking = (typed: Record<string, string>, t: Words) => ({
  ok: false as const,
  error: { message: refusalInWords({ code: 'request:looking' }, t), fields: {} },
  typed,
})

const NOTHING = { none: 'the office answers for its own' }

/** Who acts: how they are found, and what they may do. `viewerOf`: as whom; null for a person whom the municipality does not know. */
type Actors<Actor> = {
  current: (municipalitySlug: string) => Promise<Actor | null>
  viewerOf: (actor: Actor) => Viewer | null
  may: (viewer: Viewer | null, capability: Capability | undefined) => boolean
}

/**
 * The guard of every server action: origin, then who acts, then permission, then the shape of what was sent,
 * then, where it matters, that SPID or CIE have just recognised the person; then the command, which re-reads what it decides on. What is refused is answered as not found.
 */
const defineAction =
  <Actor extends { citizenId: string }>({ current, viewerOf, may }: Actors<Actor>) =>
  <S extends z.ZodType, T>(
    definition: Partial<Permitted & Budgeted<S>> & Definition<Actor, S, T>,
  ): Action<T> =>
    referring(async (_previous, form) => {
      const t = await readWords()
      const typed = typedIn(form, definition.secrets)
      if (!fromOurPages(await headers(), env().PUBLIC_ORIGIN)) {
        return {
          ok: false,
          error: { message: refusalInWords({ code: 'request:foreign-origin' }, t), fields: {} },
          typed,
        }
      }
      const municipalitySlug = typed.municipalitySlug ?? ''
      const actor = await current(municipalitySlug)
      if (!actor) await signInAgain(municipalitySlug)
      const viewer = actor && viewerOf(actor)
      if (viewer?.look) return refusedWhileLooking(typed, t)
      if (!actor || !may(viewer, definition.capability)) notFound()
      const parsed = parseForm(definition.input, form, t)
      if (!parsed.success) return { ok: false, error: errorOf(parsed.error, t), typed }
      if (definition.fresh && viewer && !(await isFreshlyIdentified(municipalitySlug)))
        await askForIdentity(municipalitySlug, viewer, typedOf(definition.input, typed))
      const uses = usesOf(definition.budget ?? NOTHING, actor.citizenId, parsed.data)
      const result = await withinBudget(uses, () => definition.run(actor, parsed.data, municipalitySlug))
      if (result.ok) return { ok: true, value: result.value, typed: {} }
      const error = refusalOf(result, t)
      if (result.savedNow)
        return { ok: false, error, ...mergeForm(result.savedNow, typed, viewer?.name ?? '') }
      return { ok: false, error, typed }
    })

type ViewerAction<Required> = <S extends z.ZodType, T>(
  definition: Definition<Viewer, S, T> & Permitted & (Required extends 'budget' ? Budgeted<S> : unknown),
) => Action<T>

const viewerAction = (
  permitted: (viewer: Viewer, capability: Capability) => boolean,
  current: typeof currentViewer = currentViewer,
) =>
  defineAction<Viewer>({
    current,
    viewerOf: (viewer) => viewer,
    may: (viewer, capability) => viewer !== null && capability !== undefined && permitted(viewer, capability),
  })

/** An action of a parent on the own household. */
export const familyAction: ViewerAction<'budget'> = viewerAction((viewer, capability) =>
  allowedToFamily(viewer, capability),
)

/** The same in the room of the forms, also of a person who has only applied. */
export const fillerAction: ViewerAction<'budget'> = viewerAction(
  (viewer, capability) => allowedToFamily(viewer, capability),
  currentFiller,
)

/** An action of a person with a role here on their own things: sessions, devices. */
export const personAction: ViewerAction<'budget'> = viewerAction(
  (viewer, capability) => allowedToFamily(viewer, capability) || allowedToStaff(viewer, capability),
)

/** An action of the office. */
export const staffAction: ViewerAction<'none'> = viewerAction((viewer, capability) =>
  allowedToStaff(viewer, capability),
)

/** An action of a signed-in person, also of one whom the municipality does not know: the command decides what they may do. */
export const citizenAction: <S extends z.ZodType, T>(
  definition: Definition<SessionFacts, S, T> & Budgeted<S>,
) => Action<T> = defineAction<SessionFacts>({
  current: async (slug) => (isMunicipalitySlug(slug) ? currentSession(slug) : null),
  viewerOf: ({ viewer }) => viewer,
  may: () => true,
})

/** Does `work` if each budget has a use left. What is refused was not done: its uses are given back. */
async function withinBudget<T>(
  uses: ReturnType<typeof usesOf>,
  work: () => Promise<Result<T>>,
): Promise<Result<T>> {
  const taken: typeof uses = []
  let refusal: Awaited<ReturnType<typeof takeFromBudget>> = null
  for (const { act, whose } of uses) {
    refusal = await takeFromBudget(act, whose)
    if (refusal) break
    taken.push({ act, whose })
  }
  const result: Result<T> = refusal ?? (await work())
  if (!result.ok) for (const { act, whose } of taken) await giveBackToBudget(act, whose)
  return result
}

/** What was typed in the fields that a form has: others are of no use to its page, and are kept nowhere. */
function typedOf(input: z.ZodType, typed: Readonly<Record<string, string>>): Record<string, string> {
  const { shape } = input as { shape?: Readonly<Record<string, unknown>> }
  const isField = (name: string) =>
    name === 'municipalitySlug' || shape === undefined || Object.hasOwn(shape, name.replace('[]', ''))
  return Object.fromEntries(Object.entries(typed).filter(([name]) => isField(name)))
}

/** The one character that PostgreSQL does not store: no keyboard writes it and some clipboards paste it. */
const storable = (text: string): string => text.replaceAll('\u0000', '')

/** The fields of a form; a name that occurs more than once is a list, and so is a name that ends in `[]`. */
export function valuesOf(form: FormData): Record<string, FormDataEntryValue | FormDataEntryValue[]> {
  const values: Record<string, FormDataEntryValue | FormDataEntryValue[]> = {}
  for (const name of new Set(form.keys())) {
    if (name.startsWith('$ACTION')) continue
    const all = form.getAll(name).map((value) => (typeof value === 'string' ? storable(value) : value))
    const isList = name.endsWith('[]')
    values[isList ? name.slice(0, -2) : name] =
      isList || all.length > 1 ? all : (all[0] as FormDataEntryValue)
  }
  return values
}

/** The longest text of an editor: a refusal loses nothing of what was typed. */
const LONGEST_ECHO = 100_000

function typedIn(form: FormData, secrets: readonly string[] = []): Record<string, string> {
  const typed: Record<string, string> = {}
  for (const [name, value] of form.entries()) {
    if (typeof value !== 'string' || name.startsWith('$ACTION') || secrets.includes(name)) continue
    const earlier = name.endsWith('[]') ? typed[name] : undefined
    const text = storable(value)
    typed[name] = (earlier === undefined ? text : `${earlier},${text}`).slice(0, LONGEST_ECHO)
  }
  return typed
}

function refusalOf(refusal: Refused, t: Words): FormError {
  const problems: [string, RefusalCode][] = Object.entries(refusal.fields ?? {})
  const fields = problems.map(([field, problem]) => [field, fieldRefusalInWords(refusal, problem, t)])
  // A sentence that stands at its field does not stand at the top as well.
  const isAtField = problems.some(([, problem]) => problem === refusal.code)
  return {
    message: isAtField ? refusalInWords({ code: 'request:invalid' }, t) : refusalInWords(refusal, t),
    fields: Object.fromEntries(fields),
  }
}

/** Checks the fields of a form; a check without a sentence of its own gets one in the language of the reader. */
const parseForm = <S extends z.ZodType>(input: S, form: FormData, t: Words) =>
  input.safeParse(valuesOf(form), { error: (issue) => fieldProblemInWords(issue, t) })

function errorOf(error: z.ZodError, t: Words): FormError {
  const fields: Record<string, string> = {}
  for (const issue of error.issues) {
    const field = String(issue.path[0] ?? '')
    if (field && !fields[field]) fields[field] = t(markedBefore(issue.message))
  }
  return { message: refusalInWords({ code: 'request:invalid' }, t), fields }
}
