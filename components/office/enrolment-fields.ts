import type { OfficeField } from '#lib/web/office-field.ts'

/** Which of the services of a pupil an act is about; no field where there is one only. */
export const serviceFields = (services: readonly { id: string; name: string }[]): OfficeField[] =>
  services.length === 1
    ? []
    : [
        {
          kind: 'choice',
          name: 'serviceId',
          label: 'Servizio',
          value: services[0]?.id ?? '',
          options: services.map(({ id, name }) => ({ value: id, label: name })),
        },
      ]

/** Why an enrolment changes, for the register. */
export const REASON_FIELD: OfficeField = {
  kind: 'line',
  name: 'reason',
  label: 'Motivo',
  hint: 'Resta scritto nel registro.',
  max: 200,
}
