import type { ReactNode } from 'react'
import { Amount } from '#components/ui/amount.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import type { Municipality } from '#lib/school/municipality.ts'
import { scheduledCutoffInWords, weekdaysInWords } from '#lib/school/schedule.words.ts'
import { commonCutoff, commonWeekdays, schoolKindInWords } from '#lib/school/service.words.ts'
import { fromDay, priceInWords } from '#lib/tariffs/price.words.ts'
import type { PublicService } from '#lib/tariffs/public-service.ts'
import { fill } from '#lib/words/fill.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { phrase } from '#lib/words/language.ts'
import { useWords } from '#words'

function Fact({ icon, term, children }: { icon: IconName; term: string; children: ReactNode }) {
  return (
    <div className="relative py-4 ps-15 first:pt-0 last:pb-0 first:[&_span.disc]:top-0">
      <dt className="text-sm text-muted">
        <span className="disc absolute start-0 top-4 flex size-11 items-center justify-center rounded-full bg-primary-light text-info">
          <Icon name={icon} />
        </span>
        {term}
      </dt>
      <dd className="text-lg leading-snug font-semibold text-ink">{children}</dd>
    </div>
  )
}

const DependsOnSchool = ({ municipalitySlug }: { municipalitySlug: string }) => {
  const t = useWords()
  return <a href={`/${municipalitySlug}/servizio#tempi`}>{t('dipende dalla scuola')}</a>
}

function Facts({ municipalitySlug, service }: { municipalitySlug: string; service: PublicService }) {
  const t = useWords()
  return (
    <dl
      data-surface
      className="divide-y divide-line rounded-lg border border-line bg-white p-6 text-body shadow-high"
    >
      {service.priceCents !== null && (
        <Fact icon="utensils" term={t('Un pasto costa')}>
          <span className="text-3xl">
            <Amount cents={service.priceCents} />
          </span>
          {service.nextPrice && (
            <span className="block font-normal">
              {fromDay(service.nextPrice.validFrom, t)} <Amount cents={service.nextPrice.priceCents} />
            </span>
          )}
        </Fact>
      )}
      <Fact icon="clock" term={t('Puoi disdire entro')}>
        {commonCutoff(service.schools, t) ?? <DependsOnSchool municipalitySlug={municipalitySlug} />}
      </Fact>
      <Fact icon="calendar-days" term={t('Giorni di mensa')}>
        {commonWeekdays(service.schools, t) ?? <DependsOnSchool municipalitySlug={municipalitySlug} />}
      </Fact>
    </dl>
  )
}

/** The first thing anyone sees of a municipality's canteen: what it is, what it costs, until when, and the way in. */
export function ServiceHero({
  municipality,
  service,
  enter,
}: {
  municipality: Municipality
  service: PublicService
  enter: { href: string; label: string; hint: string }
}) {
  const t = useWords()
  const cutoff = commonCutoff(service.schools, t)
  return (
    <div className="border-b border-line bg-white">
      <div className="container-page grid items-center gap-8 py-8 sm:py-12 lg:grid-cols-[1fr_24rem] lg:gap-16">
        <div>
          <StatusChip tone="success" icon="circle-check">
            {t('Servizio attivo')}
          </StatusChip>
          <h1 className="mt-4 text-4xl sm:text-5xl">{service.name}</h1>
          <p className="mt-4 max-w-2xl text-lg sm:text-xl sm:leading-normal">
            {t(
              cutoff
                ? 'Nelle scuole di {name} il pasto è già prenotato per ogni giorno di mensa. Se tuo figlio resta a casa, lo disdici da qui entro {cutoff} e non lo paghi.'
                : 'Nelle scuole di {name} il pasto è già prenotato per ogni giorno di mensa. Se tuo figlio resta a casa, lo disdici da qui e non lo paghi.',
              { name: municipality.name, cutoff: cutoff ?? '' },
            )}
          </p>
          <div className="mt-6 flex flex-wrap items-center gap-x-5 gap-y-2">
            <ButtonLink href={enter.href} size="lg" icon="arrow-right">
              {enter.label}
            </ButtonLink>
            <p className="text-muted">{enter.hint}</p>
          </div>
        </div>
        <Facts municipalitySlug={municipality.slug} service={service} />
      </div>
    </div>
  )
}

function Part({
  id,
  title,
  element,
  children,
}: {
  id: string
  title: string
  element?: string
  children: ReactNode
}) {
  return (
    <section id={id} aria-labelledby={`${id}-titolo`} data-element={element} className="scroll-mt-6">
      <h2 id={`${id}-titolo`} className="mb-3 text-2xl">
        {title}
      </h2>
      <div className="grid gap-3">{children}</div>
    </section>
  )
}

const PARTS = [
  ['destinatari', phrase('A chi è rivolto')],
  ['come-fare', phrase('Come fare')],
  ['cosa-serve', phrase('Cosa serve')],
  ['cosa-si-ottiene', phrase('Cosa si ottiene')],
  ['tempi', phrase('Tempi e scadenze')],
  ['costi', phrase('Costi')],
  ['accedi', phrase('Accedi al servizio')],
  ['ruoli', phrase('Chi può fare cosa')],
  ['condizioni', phrase('Condizioni di servizio')],
  ['contatti', phrase('Contatti')],
] as const

function PageIndex() {
  const t = useWords()
  return (
    <nav
      aria-label={t('Indice della pagina')}
      data-element="page-index"
      className="hidden lg:block print:hidden"
    >
      <div className="sticky top-6 border-s-4 border-primary ps-5">
        <p className="mb-2 font-semibold text-ink">{t('Indice della pagina')}</p>
        <ul>
          {PARTS.map(([id, title]) => (
            <li key={id}>
              <a href={`#${id}`} className="inline-flex min-h-10 items-center no-underline hover:underline">
                {t(title)}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </nav>
  )
}

const STEPS = [
  [phrase('Accedi'), phrase('Entra con SPID o CIE: sono gli unici due modi, e non serve registrarsi.')],
  [
    phrase('Controlla'),
    phrase(
      'Vedi i pasti di ogni figlio, giorno per giorno. Di base ogni giorno di mensa è segnato presente.',
    ),
  ],
  [
    phrase('Disdici'),
    phrase(
      'Tocca il giorno in cui tuo figlio non mangia a scuola e conferma. Ricevi subito il numero della disdetta.',
    ),
  ],
  [
    phrase('Ricarica'),
    phrase('Chi è intestatario aggiunge pasti al conto con carta o MyBank e riceve la fattura.'),
  ],
] as const

function Steps() {
  const t = useWords()
  return (
    <ol className="grid gap-4 sm:grid-cols-2">
      {STEPS.map(([title, words], index) => (
        <li
          key={title}
          data-surface
          className="flex gap-4 rounded-lg border border-line bg-white p-5 shadow-low"
        >
          <span
            aria-hidden="true"
            className="flex size-10 shrink-0 items-center justify-center rounded-full bg-primary text-lg font-semibold text-white"
          >
            {index + 1}
          </span>
          <div>
            <h3 className="text-lg">{t(title)}</h3>
            <p>{t(words)}</p>
          </div>
        </li>
      ))}
    </ol>
  )
}

function SchoolTimes({ service }: { service: PublicService }) {
  const t = useWords()
  return (
    <>
      {service.yearName && <p>{t('Anno scolastico {yearName}.', { yearName: service.yearName })}</p>}
      <ul className="grid gap-3">
        {service.schools.map((school) => (
          <li
            key={school.name}
            data-surface
            className="rounded-lg border border-line bg-white p-5 shadow-low"
          >
            <h3 lang="it" className="text-lg">
              {school.name}
            </h3>
            <p className="text-sm text-muted">{t(schoolKindInWords(school.kind))}</p>
            <dl className="mt-3 grid gap-x-6 gap-y-2 sm:grid-cols-3">
              <div>
                <dt className="text-sm text-muted">{t('Giorni di mensa')}</dt>
                <dd className="font-semibold text-ink">{weekdaysInWords(school.weekdays, t)}</dd>
              </div>
              <div>
                <dt className="text-sm text-muted">{t('Disdici entro')}</dt>
                <dd className="font-semibold text-ink">
                  {scheduledCutoffInWords(school.cutoffTime, school.cutoffDaysBefore, t)}
                </dd>
              </div>
              <div>
                <dt className="text-sm text-muted">{t('Periodo')}</dt>
                <dd className="font-semibold text-ink">
                  {t('dal {startsOn} al {endsOn}', {
                    startsOn: numericDay(school.startsOn, t.language),
                    endsOn: numericDay(school.endsOn, t.language),
                  })}
                </dd>
              </div>
            </dl>
          </li>
        ))}
      </ul>
    </>
  )
}

/** The lower prices. Name and description are the office's words: Italian in every language. */
function Bands({ service: { bands } }: { service: PublicService }) {
  const t = useWords()
  if (bands.length === 0) return null
  return (
    <>
      <p>{t('Chi ne ha diritto paga meno, figlio per figlio, dal giorno che l’ufficio decide:')}</p>
      <ul
        className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-white"
        data-surface
      >
        {bands.map(({ code, name, description, priceCents }) => (
          <li key={code} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 px-5 py-3">
            <span lang="it" className="min-w-0">
              <span className="font-semibold text-ink">{name}</span>
              {description && <span className="block text-sm text-muted">{description}</span>}
            </span>
            <span className="font-semibold whitespace-nowrap text-ink">{priceInWords(priceCents, t)}</span>
          </li>
        ))}
      </ul>
      <p>{t('Una ricarica resta sempre un multiplo del prezzo intero.')}</p>
    </>
  )
}

function Costs({ service }: { service: PublicService }) {
  const t = useWords()
  if (service.priceCents === null) return <p>{t('Il prezzo del pasto non è ancora stato pubblicato.')}</p>
  const ten = formatEuro(service.priceCents * 10, t.language)
  return (
    <>
      <p>
        {fill(
          t(
            'Ogni pasto consumato costa {strong}. Il conto si ricarica in anticipo, sempre con un multiplo di questo prezzo: per esempio {ten} per dieci pasti.',
            { ten },
          ),
          {
            strong: (
              <strong key="strong">
                <Amount cents={service.priceCents} />
              </strong>
            ),
          },
        )}
      </p>
      {service.nextPrice && (
        <p>
          {fill(
            t('Il prezzo cambia: {when} ogni pasto costa {strong}.', {
              when: fromDay(service.nextPrice.validFrom, t),
            }),
            {
              strong: (
                <strong key="strong">
                  <Amount cents={service.nextPrice.priceCents} />
                </strong>
              ),
            },
          )}
        </p>
      )}
      <Bands service={service} />
      <p>
        {t(
          'Paghi con carta VISA o MASTERCARD, oppure con un bonifico MyBank. Per ogni ricarica il genitore intestatario trova la fattura nel portale.',
        )}
      </p>
    </>
  )
}

function Roles() {
  const t = useWords()
  return (
    <dl className="grid gap-4 sm:grid-cols-2">
      <div data-surface className="rounded-lg border border-line bg-white p-5 shadow-low">
        <dt className="text-lg font-semibold text-ink">{t('Genitore intestatario, o tutore')}</dt>
        <dd className="mt-1">{t('Disdice i pasti, vede il saldo, ricarica e riceve le fatture.')}</dd>
      </div>
      <div data-surface className="rounded-lg border border-line bg-white p-5 shadow-low">
        <dt className="text-lg font-semibold text-ink">{t('Altro genitore, delegato')}</dt>
        <dd className="mt-1">
          {t('Vede il calendario dei figli e disdice i pasti. Non vede saldo e pagamenti.')}
        </dd>
      </div>
    </dl>
  )
}

function ServiceContacts({ municipality: { name, phone, email, operator } }: { municipality: Municipality }) {
  const t = useWords()
  const office = (who: string, words: string, contacts: { phone: string; email: string }) => (
    <div data-surface className="min-w-0 rounded-lg border border-line bg-white p-5 wrap-anywhere shadow-low">
      <h3 className="text-lg">{who}</h3>
      <p>{words}</p>
      <p className="mt-2">
        <a href={`tel:${contacts.phone.replace(/[^+\d]/g, '')}`}>{contacts.phone}</a>
        <br />
        <a href={`mailto:${contacts.email}`}>{contacts.email}</a>
      </p>
    </div>
  )
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {office(operator.name, t('Per pasti, pagamenti e accesso al portale.'), operator)}
      {office(t('Comune di {name}', { name }), t('Per iscrizioni, tariffe e segnalazioni.'), {
        phone,
        email,
      })}
    </div>
  )
}

/** How it works, in four steps, for a first visitor. */
export function HowItWorks({ municipalitySlug }: { municipalitySlug: string }) {
  const t = useWords()
  return (
    <section aria-labelledby="come-funziona" className="container-page pt-10 sm:pt-14">
      <h2 id="come-funziona" className="mb-4 text-2xl sm:text-3xl">
        {t('Come funziona')}
      </h2>
      <Steps />
      <p className="mt-5">
        <ButtonLink href={`/${municipalitySlug}/servizio`} look="secondary" icon="arrow-right">
          {t('Leggi la scheda del servizio')}
        </ButtonLink>
      </p>
    </section>
  )
}

/** The service sheet, in the order that Italian public services share. */
export function ServiceSheet({
  municipality,
  service,
}: {
  municipality: Municipality
  service: PublicService
}) {
  const t = useWords()
  return (
    <div className="container-page grid gap-10 py-10 sm:py-14 lg:grid-cols-[16rem_1fr] lg:gap-16">
      <PageIndex />
      <div className="grid max-w-4xl gap-12">
        <Part id="destinatari" title={t('A chi è rivolto')} element="service-addressed">
          <p>
            {t('Alle famiglie degli alunni iscritti alla mensa nelle scuole di {name}.', {
              name: municipality.name,
            })}
          </p>
        </Part>
        <Part id="come-fare" title={t('Come fare')} element="service-how-to">
          <Steps />
        </Part>
        <Part id="cosa-serve" title={t('Cosa serve')} element="service-needed">
          <p>
            {t(
              'SPID oppure la carta d’identità elettronica (CIE), con il codice fiscale dato alla scuola per il genitore intestatario o per il delegato.',
            )}
          </p>
        </Part>
        <Part id="cosa-si-ottiene" title={t('Cosa si ottiene')} element="service-achieved">
          <p>
            {t(
              'Il pasto a scuola nei giorni di mensa, con la dieta richiesta; il calendario di ogni figlio, con il numero di ogni disdetta; il conto con tutti i movimenti e la fattura di ogni ricarica.',
            )}
          </p>
        </Part>
        <Part id="tempi" title={t('Tempi e scadenze')} element="service-calendar-text">
          <SchoolTimes service={service} />
          <Notice kind="info" title={t('Avvisa anche la scuola')} headingLevel="h3">
            <p>
              {t(
                'Disdire il pasto non giustifica l’assenza: alla scuola primaria e secondaria va comunque comunicata con il quadernino degli avvisi.',
              )}
            </p>
          </Notice>
        </Part>
        <Part id="costi" title={t('Costi')}>
          <Costs service={service} />
        </Part>
        <Part id="accedi" title={t('Accedi al servizio')}>
          <p>{t('Con SPID o con la carta d’identità elettronica (CIE), dal telefono o dal computer.')}</p>
          <p>
            <ButtonLink
              href={`/${municipality.slug}/accesso`}
              icon="arrow-right"
              data-element="service-online-access"
            >
              {t('Accedi ai servizi')}
            </ButtonLink>
          </p>
        </Part>
        <Part id="ruoli" title={t('Chi può fare cosa')}>
          <Roles />
        </Part>
        <Part id="condizioni" title={t('Condizioni di servizio')}>
          <p>
            {fill(
              t(
                'Regolamenti, tariffe e informative sono tra i {link}. Quello che vale per il portale è nelle {link2}.',
              ),
              {
                link: (
                  <a key="link" href={`/${municipality.slug}/documenti`} data-element="service-file">
                    {t('documenti della mensa')}
                  </a>
                ),
                link2: (
                  <a key="link2" href={`/${municipality.slug}/note-legali`}>
                    {t('note legali')}
                  </a>
                ),
              },
            )}
          </p>
        </Part>
        <Part id="contatti" title={t('Contatti')}>
          <ServiceContacts municipality={municipality} />
        </Part>
        <p className="text-sm text-muted">
          {fill(t('Argomenti: {part}'), {
            part: (
              <span key="part" data-element="service-topic" className="font-semibold">
                {t('Istruzione, alimentazione')}
              </span>
            ),
          })}
        </p>
      </div>
    </div>
  )
}
