import { Card } from '#components/ui/card.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { dayInRome } from '#lib/kernel/day.ts'
import type { Contacts } from '#lib/people/contact.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { fill } from '#lib/words/fill.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { useWords } from '#words'
import { CodeForm, EmailForm } from './contact-forms.tsx'

/** What becomes of an e-mail that was written or proved. */
type Sent = FormState<{ email: string }>
type Action = (previous: Sent, form: FormData) => Promise<Sent>

/** The e-mail of the person: whether it is proved, the code that proves it, and another one. */
export function EmailCard({
  municipalitySlug,
  contacts,
  initial,
  actions,
}: {
  municipalitySlug: string
  contacts: Contacts
  initial: FormState<never>
  actions: { ask: Action; confirm: Action }
}) {
  const t = useWords()
  return (
    <Card title={t('E-mail')} titleId="email-titolo" aside={<EmailChip contacts={contacts} />}>
      {contacts.isEmailRefused && (
        <p className="mb-4 font-semibold text-danger">
          {t('I nostri messaggi a questo indirizzo tornano indietro: scrivine un altro.')}
        </p>
      )}
      <EmailNote contacts={contacts} />
      <div className="grid gap-6">
        {contacts.waiting && (
          <CodeForm
            key={contacts.waiting.id}
            municipalitySlug={municipalitySlug}
            action={actions.confirm}
            changeId={contacts.waiting.id}
            name="code"
            label={t('Codice di sei cifre')}
            hint={t(
              'L’abbiamo mandato a {email}. Vale mezz’ora. Se dopo qualche minuto non c’è, chiedine un altro.',
              { email: contacts.waiting.email },
            )}
            submit={t('Conferma l’e-mail')}
          />
        )}
        <EmailForm
          municipalitySlug={municipalitySlug}
          initial={initial}
          action={actions.ask}
          email={contacts.email}
        />
      </div>
    </Card>
  )
}

function EmailChip({ contacts }: { contacts: Contacts }) {
  const t = useWords()
  if (!contacts.email) return null
  if (contacts.isEmailRefused)
    return (
      <StatusChip tone="danger" icon="circle-alert">
        {t('Non riceve')}
      </StatusChip>
    )
  return contacts.emailVerifiedAt ? (
    <StatusChip tone="success" icon="circle-check">
      {t('Confermata')}
    </StatusChip>
  ) : (
    <StatusChip tone="warning" icon="clock-alert">
      {t('Da confermare')}
    </StatusChip>
  )
}

function EmailNote({ contacts }: { contacts: Contacts }) {
  const t = useWords()
  return (
    <p className="mb-4">
      {contacts.email
        ? fill(
            contacts.emailVerifiedAt
              ? t('Scriviamo a {strong}, confermata il {day}.', {
                  day: numericDay(dayInRome(contacts.emailVerifiedAt), t.language),
                })
              : t('Scriviamo a {strong}.'),
            {
              strong: (
                <strong key="strong" className="font-semibold break-all text-ink">
                  {contacts.email}
                </strong>
              ),
            },
          )
        : t('Non abbiamo la tua e-mail: senza, non possiamo mandarti ricevute e avvisi.')}{' '}
      {t('Non serve per entrare: si entra solo con SPID o CIE.')}
    </p>
  )
}
