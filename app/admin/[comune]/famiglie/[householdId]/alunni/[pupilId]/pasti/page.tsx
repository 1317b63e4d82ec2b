import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { REASON_FIELD } from '#components/office/enrolment-fields.ts'
import { PreviewForm } from '#components/office/preview-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { secondHouseholdForOffice } from '#lib/people/office/second-household.queries.ts'
import { householdDaysInWords, type StandingRule } from '#lib/people/office/second-household.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { OfficeField } from '#lib/web/office-field.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate } from '#lib/words/format-day.ts'
import { divideMeals, giveMealsBack } from '../../../actions.ts'

export const metadata: Metadata = { title: 'Pasti tra due famiglie' }

type Props = { params: Promise<{ comune: string; householdId: string; pupilId: string }> }

/** Whose the meals of a pupil of separated parents are, changed from a day on. */
export default async function MealsOfTwoHouseholds({ params }: Props) {
  const { comune: municipalitySlug, householdId, pupilId } = await params
  const found = await secondHouseholdForOffice(await requireViewer(municipalitySlug), householdId, pupilId)
  if (!found) notFound()
  const { pupilName, names, firstDay, rules } = found
  const families = `/admin/${municipalitySlug}/famiglie`
  const hidden = { municipalitySlug, householdId, pupilId }
  const earliest = dated`Al più presto dal ${longDate(firstDay)}.`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: families },
          { label: `Famiglia ${names[householdId]}`, href: `${families}/${householdId}` },
          { label: pupilName },
        ]}
      />
      <PageHeading
        title={`Pasti di ${pupilName} tra due famiglie`}
        lead="Quando i genitori vivono separati e ciascuno paga i suoi giorni. Ogni pasto è di una famiglia sola, che lo disdice e lo paga; i giorni già contati non cambiano."
      />
      {rules.length === 0 ? (
        <p className="mb-6">Adesso tutti i pasti sono della famiglia {names[householdId]}.</p>
      ) : (
        <ul className="mb-6 list-disc ps-5">
          {rules.map((rule) => (
            <li key={rule.id}>{ruleInWords(rule, names[rule.householdId] ?? '')}</li>
          ))}
        </ul>
      )}
      <h2 className="mt-8 mb-4 text-xl">Dai dei giorni all’altra famiglia</h2>
      <PreviewForm
        action={divideMeals}
        hidden={hidden}
        fields={fieldsOf(rules[0], earliest)}
        label="Vedi che cosa succederà"
        confirm="Conferma"
      />
      {rules.length > 0 && (
        <>
          <h2 className="mt-10 mb-4 text-xl">Ridai tutti i pasti alla famiglia {names[householdId]}</h2>
          <PreviewForm
            action={giveMealsBack}
            hidden={hidden}
            fields={[{ kind: 'day', name: 'from', label: 'Dal giorno', hint: earliest }, REASON_FIELD]}
            label="Vedi che cosa succederà"
            confirm="Conferma"
          />
        </>
      )}
    </>
  )
}

const ruleInWords = (rule: StandingRule, name: string): string => {
  const until = rule.to ? dated` al ${longDate(rule.to)}` : ' in poi'
  return dated`Dal ${longDate(rule.from)}${until} sono della famiglia ${name}: ${householdDaysInWords(rule)}. Gli altri restano di questa famiglia.`
}

const WEEK = 'lun mar mer gio ven'

const fieldsOf = (now: StandingRule | undefined, earliest: string): OfficeField[] => [
  {
    kind: 'line',
    name: 'fiscalCode',
    label: 'Codice fiscale dell’altro genitore',
    hint: 'Se è già intestatario di una famiglia, i giorni vanno a quella.',
    max: 16,
  },
  {
    kind: 'line',
    name: 'givenName',
    label: 'Nome (facoltativo)',
    hint: 'Solo se non è intestatario di una famiglia: la famiglia nasce con questo atto.',
    max: 80,
  },
  { kind: 'line', name: 'familyName', label: 'Cognome (facoltativo)', max: 80 },
  {
    kind: 'day',
    name: 'birthDay',
    label: 'Data di nascita (facoltativa)',
    hint: 'Solo se il codice fiscale è provvisorio, di undici cifre.',
  },
  { kind: 'line', name: 'email', label: 'E-mail (facoltativa)', max: 254 },
  {
    kind: 'day',
    name: 'firstMonday',
    label: 'Lunedì della prima settimana',
    hint: 'Da qui le due settimane si ripetono, anche da un anno all’altro.',
    ...(now ? { value: now.firstMonday } : {}),
  },
  {
    kind: 'line',
    name: 'firstWeek',
    label: 'Giorni dell’altra famiglia nella prima settimana',
    hint: `Per esempio: ${WEEK}. Vuoto: nessuno.`,
    value: WEEK,
    max: 60,
  },
  {
    kind: 'line',
    name: 'secondWeek',
    label: 'Giorni dell’altra famiglia nella seconda settimana',
    hint: 'Vuoto per le settimane alterne; gli stessi giorni della prima per giorni fissi ogni settimana.',
    max: 60,
  },
  { kind: 'day', name: 'from', label: 'Dal giorno', hint: earliest },
  { kind: 'day', name: 'to', label: 'Fino al giorno (facoltativo)', hint: 'Vuoto: finché non si cambia.' },
  REASON_FIELD,
]
