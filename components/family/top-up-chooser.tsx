'use client'

import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Choice, ChoiceGroup, Field } from '#components/ui/field.tsx'
import { refusalInWords } from '#lib/messages/refusals.ts'
import { type Cents, formatEuro } from '#lib/money.ts'
import type { Method } from '#lib/payments/gateway.ts'
import { purchaseOf, readPurchase } from '#lib/payments/top-up.ts'
import type { Refused } from '#lib/result.ts'

/** What the last request was turned away for, and beside which field it is said. */
export type ChooserError = { field: 'pasti' | 'importo' | 'metodo'; message: string; refusal?: Refused }

type Props = {
  /** Where the recap is: this same page. */
  here: string
  accountId: string
  unitCents: Cents
  typed: { meals: string; amount: string; method: Method | null }
  error: ChooserError | null
}

const QUICK_MEALS = [10, 20, 40]

/**
 * How much and how. The form asks for the recap by an ordinary address, so it works without JavaScript; with it, meals and
 * euro follow what is typed, and typing in one field empties the other.
 */
export function TopUpChooser({ here, accountId, unitCents, typed, error }: Props) {
  const [meals, setMeals] = useState(typed.meals)
  const [amount, setAmount] = useState(typed.amount)
  const errorOf = (field: ChooserError['field']) => (error?.field === field ? error.message : undefined)
  return (
    <form action={here} noValidate className="grid gap-8">
      <input type="hidden" name="conto" value={accountId} />
      {error && <ErrorSummary fields={{ [error.field]: error.message }} />}
      <fieldset className="grid gap-4">
        <legend className="mb-4 text-xl font-semibold text-ink">Quanto vuoi ricaricare?</legend>
        <div className="grid gap-4 sm:grid-cols-[1fr_auto_1fr] sm:items-end">
          <Field
            name="pasti"
            label="Numero di pasti"
            inputMode="numeric"
            autoComplete="off"
            maxLength={6}
            unit="pasti"
            value={meals}
            error={errorOf('pasti')}
            onChange={(event) => {
              setMeals(event.target.value)
              setAmount('')
            }}
          />
          <p className="text-center text-muted sm:pb-3">oppure</p>
          <Field
            name="importo"
            label="Importo"
            hint={error?.field === 'importo' ? undefined : `Sempre un multiplo di ${formatEuro(unitCents)}`}
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
        <Live meals={meals} amount={amount} unitCents={unitCents} />
        <Suggestions refusal={error?.refusal} unitCents={unitCents} fallback={QUICK_MEALS} />
      </fieldset>
      <ChoiceGroup legend="Come vuoi pagare?" name="metodo" error={errorOf('metodo')}>
        <Choice
          id="metodo"
          name="metodo"
          value="carta"
          defaultChecked={typed.method !== 'mybank'}
          label="Carta VISA o MASTERCARD"
          hint="L’accredito è immediato."
        />
        <Choice
          id="metodo-mybank"
          name="metodo"
          value="mybank"
          defaultChecked={typed.method === 'mybank'}
          label="Bonifico MyBank"
          hint="Dal sito o dall’app della tua banca. La conferma può richiedere qualche minuto."
        />
      </ChoiceGroup>
      <div>
        <Button size="lg" icon="arrow-right" wide className="sm:w-auto">
          Vai al riepilogo
        </Button>
      </div>
    </form>
  )
}

/** What the typed number comes to, as it is typed. It says what is missing, it does not scold. */
function Live({ meals, amount, unitCents }: { meals: string; amount: string; unitCents: Cents }) {
  const isEmpty = meals.trim() === '' && amount.trim() === ''
  const purchase = readPurchase({ meals, amount }, unitCents)
  const words = purchase.ok
    ? `${mealsInWords(purchase.value.meals)} × ${formatEuro(unitCents)} = ${formatEuro(purchase.value.amountCents)}`
    : refusalInWords(purchase.code, purchase.details)
  return (
    <output
      htmlFor="pasti importo"
      className={`min-h-7 ${purchase.ok ? 'text-lg font-semibold text-ink' : 'text-muted'}`}
    >
      {isEmpty ? `Un pasto costa ${formatEuro(unitCents)}.` : words}
    </output>
  )
}

/** Ready quantities, as buttons of the same form; after an amount that is no multiple, its two neighbours. */
function Suggestions({
  refusal,
  unitCents,
  fallback,
}: {
  refusal: Refused | undefined
  unitCents: Cents
  fallback: readonly number[]
}) {
  const { belowMeals, aboveMeals } = refusal?.details ?? {}
  const near =
    typeof belowMeals === 'number' && typeof aboveMeals === 'number' ? [belowMeals, aboveMeals] : null
  return (
    <div>
      <p className="mb-2 text-muted">
        {near ? 'Scegli uno dei due importi più vicini:' : 'Oppure scegli subito:'}
      </p>
      <div className="flex flex-wrap gap-3">
        {(near ?? fallback).map((count) => (
          <Button key={count} look="secondary" name="rapida" value={count}>
            {mealsInWords(count)} · {formatEuro(purchaseOf(count, unitCents).amountCents)}
          </Button>
        ))}
      </div>
    </div>
  )
}

const mealsInWords = (count: number): string => (count === 1 ? '1 pasto' : `${count} pasti`)
