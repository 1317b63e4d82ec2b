'use client'

import { useState } from 'react'
import { Amount } from '#components/ui/amount.tsx'
import { Button } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Choice, ChoiceGroup, Field } from '#components/ui/field.tsx'
import type { Cents } from '#lib/kernel/money.ts'
import type { Refused } from '#lib/kernel/result.ts'
import type { TopUpMethod } from '#lib/payments/gateway.ts'
import { type TopUpRefusal, topUpRefusalInWords } from '#lib/payments/top-up.refusals.ts'
import { purchaseOf, readPurchase } from '#lib/payments/top-up.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { plural, type Words } from '#lib/words/language.ts'
import { useWords } from '#words'

/** What the last request was turned away for, and beside which field it is said. */
export type ChooserError = {
  field: 'pasti' | 'importo' | 'metodo'
  message: string
  refusal?: Refused<TopUpRefusal>
}

type Props = {
  /** Where the recap is: this same page. */
  here: string
  accountId: string
  unitCents: Cents
  typed: { meals: string; amount: string; method: TopUpMethod | null }
  error: ChooserError | null
}

const QUICK_MEALS = [10, 20, 40]

/**
 * How much and how. The form asks for the recap by an ordinary address, so it works without JavaScript; with it, meals and
 * euro follow what is typed, and typing in one field empties the other.
 */
export function TopUpChooser({ here, accountId, unitCents, typed, error }: Props) {
  const t = useWords()
  const [meals, setMeals] = useState(typed.meals)
  const [amount, setAmount] = useState(typed.amount)
  /** The summary already says what is wrong with this. */
  const isTold = error !== null && meals === typed.meals && amount === typed.amount
  const errorOf = (field: ChooserError['field']) => (error?.field === field ? error.message : undefined)
  return (
    <form action={here} noValidate className="grid gap-8">
      <input type="hidden" name="conto" value={accountId} />
      {error && <ErrorSummary fields={{ [error.field]: error.message }} />}
      <fieldset className="grid gap-5">
        <legend className="mb-4 text-xl font-semibold text-ink">{t('Quanto vuoi ricaricare?')}</legend>
        <Suggestions
          refusal={error?.refusal}
          unitCents={unitCents}
          onChoose={(count) => {
            setMeals(String(count))
            setAmount('')
          }}
        />
        <div className="grid gap-4 sm:grid-cols-[1fr_auto_1fr] sm:items-end">
          <Field
            name="pasti"
            label={t('Numero di pasti')}
            inputMode="numeric"
            autoComplete="off"
            maxLength={6}
            unit={t('pasti')}
            value={meals}
            error={errorOf('pasti')}
            onChange={(event) => {
              setMeals(event.target.value)
              setAmount('')
            }}
          />
          <p className="text-center text-muted sm:pb-3">{t('oppure')}</p>
          <Field
            name="importo"
            label={t('Importo')}
            inputMode="decimal"
            autoComplete="off"
            maxLength={16}
            unit="€"
            value={amount}
            error={errorOf('importo')}
            onChange={(event) => {
              setAmount(event.target.value)
              setMeals('')
            }}
          />
        </div>
        <Live meals={meals} amount={amount} unitCents={unitCents} isTold={isTold} />
      </fieldset>
      <ChoiceGroup legend={t('Come vuoi pagare?')} name="metodo" error={errorOf('metodo')}>
        <Choice
          id="metodo"
          name="metodo"
          value="carta"
          defaultChecked={typed.method !== 'mybank'}
          label={t('Carta VISA o MASTERCARD')}
          hint={t('L’accredito è immediato.')}
        />
        <Choice
          id="metodo-mybank"
          name="metodo"
          value="mybank"
          defaultChecked={typed.method === 'mybank'}
          label={t('Bonifico MyBank')}
          hint={t('Dal sito o dall’app della tua banca. La conferma può richiedere qualche minuto.')}
        />
      </ChoiceGroup>
      <div>
        <Button size="lg" icon="arrow-right" wide className="sm:w-auto">
          {t('Vai al riepilogo')}
        </Button>
      </div>
    </form>
  )
}

/** What the typed number comes to, as it is typed. It says what is missing, it does not scold. */
function Live({
  meals,
  amount,
  unitCents,
  isTold,
}: {
  meals: string
  amount: string
  unitCents: Cents
  isTold: boolean
}) {
  const t = useWords()
  const isEmpty = meals.trim() === '' && amount.trim() === ''
  const purchase = readPurchase({ meals, amount }, unitCents)
  const rule = t('Un pasto costa {unitCents}: si ricarica sempre un numero intero di pasti.', {
    unitCents: formatEuro(unitCents, t.language),
  })
  const words = purchase.ok
    ? `${mealsInWords(purchase.value.meals, t)} × ${formatEuro(unitCents, t.language)} = ${formatEuro(purchase.value.amountCents, t.language)}`
    : topUpRefusalInWords(purchase, t)
  return (
    <output
      htmlFor="pasti importo"
      className={`min-h-7 ${purchase.ok ? 'text-lg font-semibold text-ink' : 'text-muted'}`}
    >
      {isEmpty || (isTold && !purchase.ok) ? rule : words}
    </output>
  )
}

/**
 * Ready quantities; after an amount that is no multiple, its two neighbours. They fill the field, so that the method can
 * still be chosen; without JavaScript they lead straight to the recap.
 */
function Suggestions({
  refusal,
  unitCents,
  onChoose,
}: {
  refusal: Refused<TopUpRefusal> | undefined
  unitCents: Cents
  onChoose: (meals: number) => void
}) {
  const t = useWords()
  const near = refusal?.code === 'top-up:not-a-multiple' ? nearestMeals(refusal.details) : null
  return (
    <div>
      {near && <p className="mb-2 font-semibold text-ink">{t('Gli importi più vicini:')}</p>}
      <div className="flex gap-3">
        {(near ?? QUICK_MEALS).map((count) => (
          <Button
            key={count}
            look="secondary"
            name="rapida"
            value={count}
            className="min-w-0 flex-1 flex-col gap-0! px-2! sm:flex-none sm:px-6!"
            onClick={(event) => {
              event.preventDefault()
              onChoose(count)
            }}
          >
            <span>{mealsInWords(count, t)} </span>
            <span className="text-sm font-normal">
              <Amount cents={purchaseOf(count, unitCents).amountCents} />
            </span>
          </Button>
        ))}
      </div>
    </div>
  )
}

const nearestMeals = ({ unit, below, above }: { unit: Cents; below: Cents; above: Cents }): number[] => [
  below / unit,
  above / unit,
]

const mealsInWords = (n: number, t: Words): string => t(plural('{n} pasto', '{n} pasti'), { n })
