import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { dayInRome } from '#lib/kernel/day.ts'
import type { Contacts } from '#lib/people/contact.ts'
import { readablePhone, readPhone } from '#lib/people/phone.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { fill } from '#lib/words/fill.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { type Phrase, phrase } from '#lib/words/language.ts'
import { useWords } from '#words'
import { CodeForm, PhoneForm } from './contact-forms.tsx'

type Act<T> = (previous: FormState<T>, form: FormData) => Promise<FormState<T>>

type Props = {
  municipalitySlug: string
  contacts: Pick<Contacts, 'phone' | 'waitingPhone' | 'canVerifyPhones' | 'isPhoneTexted'>
  initial: FormState<never>
  actions: { save: Act<{ saved: boolean }>; confirm: Act<{ phone: string }> }
}

/** The own telephone: what is known of it, the code that is awaited, and the way to change it. */
export function PhoneCard({ municipalitySlug, contacts, initial, actions }: Props) {
  const t = useWords()
  const { phone, waitingPhone, canVerifyPhones, isPhoneTexted } = contacts
  // A number that no text reached is there to be put right.
  const shown = waitingPhone?.isUndelivered ? waitingPhone.phone : phone?.number
  return (
    <Card
      title={t('Telefono')}
      titleId="telefono-titolo"
      aside={
        phone &&
        (phone.verifiedAt ? (
          <StatusChip tone="success" icon="circle-check">
            {t('Verificato')}
          </StatusChip>
        ) : (
          <StatusChip tone="warning" icon="clock-alert">
            {t('Non verificato')}
          </StatusChip>
        ))
      }
    >
      <p className="mb-4">
        <Known phone={phone} canVerify={canVerifyPhones} isTexted={isPhoneTexted} />{' '}
        {t('Non serve per entrare: si entra solo con SPID o CIE.')}
      </p>
      <div className="grid gap-6">
        {waitingPhone && (
          <Awaited municipalitySlug={municipalitySlug} waiting={waitingPhone} confirm={actions.confirm} />
        )}
        <PhoneForm
          municipalitySlug={municipalitySlug}
          initial={initial}
          action={actions.save}
          phone={shown ? readablePhone(shown) : ''}
          hint={
            canVerifyPhones
              ? t('Se è un cellulare ti mandiamo un codice per SMS. Se lo lasci vuoto lo togliamo.')
              : t('Se lo lasci vuoto lo togliamo.')
          }
        />
      </div>
    </Card>
  )
}

type KnownPhone = { phone: Contacts['phone']; canVerify: boolean; isTexted: boolean }

function Known({ phone, canVerify, isTexted }: KnownPhone) {
  const t = useWords()
  if (!phone)
    return (
      <>
        {t('Non abbiamo il tuo telefono: in caso di urgenza l’ufficio mensa non può chiamarti.')}
        {!canVerify && ` ${t('Questo portale non manda SMS, quindi non può verificarlo.')}`}
      </>
    )
  const number = (
    <strong key="strong" className="font-semibold whitespace-nowrap text-ink">
      {readablePhone(phone.number)}
    </strong>
  )
  return (
    <>
      {fill(
        phone.verifiedAt
          ? t('In caso di urgenza l’ufficio mensa ti chiama al {strong}, verificato il {day}.', {
              day: numericDay(dayInRome(phone.verifiedAt), t.language),
            })
          : t('In caso di urgenza l’ufficio mensa ti chiama al {strong}. {why}', {
              why: t(whyNotVerified(phone.number, canVerify, isTexted)),
            }),
        { strong: number },
      )}
    </>
  )
}

function whyNotVerified(number: string, canVerify: boolean, isTexted: boolean): Phrase {
  if (!canVerify) return phrase('Questo portale non manda SMS, quindi non può verificarlo.')
  if (readPhone(number)?.takesTexts === false)
    return phrase('A un numero fisso non arrivano SMS, quindi non possiamo verificarlo.')
  return !isTexted
    ? phrase(
        'In quel Paese non mandiamo SMS, quindi non possiamo verificarlo: l’ufficio può chiamarti lo stesso.',
      )
    : phrase('Per verificarlo premi «Salva il telefono»: ti arriva un codice.')
}

function Awaited({
  municipalitySlug,
  waiting,
  confirm,
}: {
  municipalitySlug: string
  waiting: NonNullable<Contacts['waitingPhone']>
  confirm: Act<{ phone: string }>
}) {
  const t = useWords()
  const phone = readablePhone(waiting.phone)
  if (waiting.isUndelivered)
    return (
      <Notice kind="error" title={t('L’SMS non è partito')} headingLevel="h3">
        <p>
          {t(
            'Al numero {phone} non riusciamo a scrivere. Controlla che sia giusto e chiedi un altro codice.',
            {
              phone,
            },
          )}
        </p>
      </Notice>
    )
  return (
    <CodeForm
      key={waiting.id}
      municipalitySlug={municipalitySlug}
      action={confirm}
      changeId={waiting.id}
      name="phoneCode"
      label={t('Codice arrivato per SMS')}
      hint={t(
        'L’abbiamo mandato al {phone}. Vale mezz’ora. Se dopo qualche minuto non c’è, chiedine un altro.',
        {
          phone,
        },
      )}
      submit={t('Conferma il telefono')}
    />
  )
}
