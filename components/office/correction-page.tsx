import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import type { Corrected } from '#lib/people/office/correction.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { type CorrectionAction, CorrectionForm, type CorrectionValues } from './correction-form.tsx'

/** The page that corrects the data of an adult or of a pupil. */
export function CorrectionPage({
  municipalitySlug,
  subject,
  values,
  earlierCodes,
  initial,
  action,
}: {
  municipalitySlug: string
  subject: Corrected
  values: CorrectionValues
  earlierCodes: readonly string[]
  initial: FormState<never>
  action: CorrectionAction
}) {
  const name = `${values.givenName} ${values.familyName}`
  const family = `/admin/${municipalitySlug}/famiglie/${subject.householdId}`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: `/admin/${municipalitySlug}/famiglie` },
          { label: 'La famiglia', href: family },
          { label: name },
        ]}
      />
      <PageHeading
        title={`Correggi i dati di ${name}`}
        lead={
          subject.kind === 'pupil'
            ? 'Nome, codice fiscale e data di nascita. Iscrizioni, diete e pasti restano dell’alunno.'
            : 'Nome, codice fiscale e data di nascita. Tutto ciò che è di questa persona resta suo.'
        }
      />
      <CorrectionForm
        municipalitySlug={municipalitySlug}
        subject={subject}
        values={values}
        earlierCodes={earlierCodes}
        initial={initial}
        action={action}
      />
    </>
  )
}
