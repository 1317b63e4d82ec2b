import { type PreviewAction, PreviewForm } from '#components/office/preview-form.tsx'

/** A new school year by its four days; the first press says what it would have. */
export function NewYearForm<T>({
  municipalitySlug,
  action,
}: {
  municipalitySlug: string
  action: PreviewAction<T>
}) {
  return (
    <PreviewForm
      action={action}
      hidden={{ municipalitySlug }}
      fields={[
        { kind: 'day', name: 'startsOn', label: 'Comincia' },
        { kind: 'day', name: 'endsOn', label: 'Finisce' },
        { kind: 'day', name: 'serviceFrom', label: 'La mensa comincia' },
        { kind: 'day', name: 'serviceTo', label: 'La mensa finisce' },
      ]}
      label="Mostra che cosa succederà"
      confirm="Crea l’anno"
    />
  )
}
