import { Choice, FieldError, TextAreaField } from '#components/ui/field.tsx'
import {
  type AskedQuestion,
  fieldOf,
  LONGEST_ANSWER,
  SCALE_STEPS,
} from '#lib/questionnaires/questionnaire.ts'
import { useWords } from '#words'

/** What stands in a question's field: places of options or the step of a scale as digits, or words. */
export type Given = Readonly<Record<string, string>>

/** A scale as five big radio buttons in a row; its ends have words. */
function Scale({ question, value }: { question: AskedQuestion; value: string }) {
  const field = fieldOf(question)
  return (
    <div lang="it">
      <div className="grid grid-cols-5 gap-2">
        {SCALE_STEPS.map((step) => (
          <label
            key={step}
            htmlFor={step === 1 ? field : `${field}-${step}`}
            className="flex min-h-14 cursor-pointer flex-col items-center justify-center gap-1 rounded border-2 border-line-strong bg-white py-2 font-semibold text-ink has-checked:border-primary has-checked:bg-canvas"
          >
            <input
              type="radio"
              id={step === 1 ? field : `${field}-${step}`}
              name={field}
              value={step}
              defaultChecked={value === String(step)}
              className="size-6 accent-primary"
            />
            <span>
              {step}
              {step === 1 && <span className="sr-only"> – {question.lowLabel}</span>}
              {step === SCALE_STEPS.length && <span className="sr-only"> – {question.highLabel}</span>}
            </span>
          </label>
        ))}
      </div>
      <p aria-hidden="true" className="mt-1 flex justify-between gap-4 text-sm text-muted">
        <span>1 – {question.lowLabel}</span>
        <span className="text-end">5 – {question.highLabel}</span>
      </p>
    </div>
  )
}

/** One question with its possible answers. The id of its first control is the name of its field: the summary leads there. */
export function QuestionFields({
  question,
  number,
  given,
  error,
}: {
  question: AskedQuestion
  number: number
  given: Given
  error?: string | undefined
}) {
  const t = useWords()
  const field = fieldOf(question)
  const id = field.replace('[]', '')
  const value = given[field] ?? ''
  const title = (
    <>
      <span lang="it">{`${number}. ${question.words}`}</span>
      {!question.required && ` ${t('(facoltativa)')}`}
    </>
  )
  if (question.kind === 'text')
    return (
      <TextAreaField
        name={field}
        label={title}
        maxLength={LONGEST_ANSWER}
        defaultValue={value}
        error={error}
      />
    )
  const chosen = value.split(',')
  const described = [question.kind === 'several' && `${id}-aiuto`, error && `${id}-errore`]
    .filter(Boolean)
    .join(' ')
  return (
    <fieldset className="flex min-w-0 flex-col gap-2" aria-describedby={described || undefined}>
      <legend className="mb-2 font-semibold text-ink">{title}</legend>
      {question.kind === 'several' && (
        <p id={`${id}-aiuto`} className="text-sm text-muted">
          {t('Puoi scegliere più risposte.')}
        </p>
      )}
      {error && <FieldError id={`${id}-errore`}>{error}</FieldError>}
      {question.kind === 'scale' ? (
        <Scale question={question} value={value} />
      ) : (
        question.options.map((option, place) => (
          <Choice
            key={option}
            id={place === 0 ? id : `${id}-${place}`}
            type={question.kind === 'several' ? 'checkbox' : 'radio'}
            name={field}
            value={place}
            label={<span lang="it">{option}</span>}
            defaultChecked={chosen.includes(String(place))}
          />
        ))
      )}
    </fieldset>
  )
}
