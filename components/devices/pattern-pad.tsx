'use client'

import {
  type Dispatch,
  type HTMLAttributes,
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  type SetStateAction,
  useEffect,
  useRef,
  useState,
} from 'react'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { POINT_PLACES } from '#lib/devices/pattern-points.ts'
import { MIN_POINTS, pointsInWords, strokeThrough, trailOf, withPoint } from '#lib/devices/pattern-stroke.ts'
import { useWords } from '#words'

type Place = { x: number; y: number }

/** Where the finger is, in cells of the pad. */
function placeOn(event: PointerEvent<HTMLElement>): Place {
  const { left, top, width, height } = event.currentTarget.getBoundingClientRect()
  return { x: ((event.clientX - left) / width) * 3, y: ((event.clientY - top) / height) * 3 }
}

/** Long enough to see the finished line, and to put the finger back. */
const LIFT_MS = 300

type Pen = Pick<
  HTMLAttributes<HTMLElement>,
  'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerLeave' | 'onPointerCancel' | 'onKeyDown'
>
type SetPoints = Dispatch<SetStateAction<string>>

/** Draws with a finger, a mouse or the keys; a sequence drawn in one stroke may send its form when the finger is lifted. */
function usePen(
  drawn: string,
  setPoints: SetPoints,
  box: RefObject<HTMLFieldSetElement | null>,
  sends: boolean,
): { sending: RefObject<ReturnType<typeof setTimeout> | undefined>; pen: Pen } {
  const finger = useRef<Place | null>(null)
  /** Whether the pad was empty when this stroke began. */
  const isWhole = useRef(false)
  const sending = useRef<ReturnType<typeof setTimeout>>(undefined)
  const draw = (event: PointerEvent<HTMLElement>) => {
    const from = finger.current
    if (!from) return
    const to = placeOn(event)
    finger.current = to
    setPoints((before) => strokeThrough(before, from, to))
  }
  const begin = (event: PointerEvent<HTMLElement>) => {
    clearTimeout(sending.current)
    isWhole.current = drawn === ''
    finger.current = placeOn(event)
    draw(event)
  }
  const lift = () => {
    finger.current = null
  }
  const send = () => {
    const field = box.current?.querySelector('input')
    if (field && field.value.length >= MIN_POINTS) field.form?.requestSubmit()
  }
  const finish = () => {
    if (sends && isWhole.current && finger.current) sending.current = setTimeout(send, LIFT_MS)
    lift()
  }
  const pressKey = (event: KeyboardEvent) => {
    if (/^[1-9]$/.test(event.key)) setPoints((before) => withPoint(before, event.key))
    if (event.key === 'Backspace') setPoints((before) => before.slice(0, -1))
  }

  return {
    sending,
    pen: {
      onPointerDown: begin,
      onPointerMove: draw,
      onPointerUp: finish,
      onPointerLeave: lift,
      onPointerCancel: lift,
      onKeyDown: pressKey,
    },
  }
}

/** The nine points, and the line through those that were chosen. */
function Points({
  drawn,
  isHidden,
  pen,
  setPoints,
}: {
  drawn: string
  isHidden: boolean
  pen: Pen
  setPoints: SetPoints
}) {
  const t = useWords()
  return (
    // Drawing is an extra: the buttons inside do the same.
    <div
      className="relative grid size-60 touch-none grid-cols-3 place-items-center rounded-lg border border-line bg-canvas select-none"
      {...pen}
    >
      <svg
        viewBox="0 0 3 3"
        aria-hidden="true"
        className="pointer-events-none absolute inset-0 size-full text-primary"
      >
        {!isHidden && (
          <polyline
            points={trailOf(drawn)}
            fill="none"
            stroke="currentColor"
            strokeWidth="0.1"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        )}
      </svg>
      {POINT_PLACES.map((place, at) => {
        const digit = String(at + 1)
        const isChosen = drawn.includes(digit)
        const look =
          isChosen && !isHidden
            ? 'border-primary bg-primary text-white'
            : 'border-line-strong bg-white text-ink'
        return (
          <button
            key={digit}
            type="button"
            aria-label={t('Punto {digit}, {place}', { digit, place: t(place) })}
            aria-pressed={isChosen}
            onClick={() => setPoints((before) => withPoint(before, digit))}
            className={`relative flex size-14 items-center justify-center rounded-full border-2 text-lg font-semibold ${look}`}
          >
            {digit}
          </button>
        )
      })}
    </div>
  )
}

function PadButtons({
  isHidden,
  setHidden,
  setPoints,
}: {
  isHidden: boolean
  setHidden: Dispatch<SetStateAction<boolean>>
  setPoints: SetPoints
}) {
  const t = useWords()
  return (
    <div className="flex flex-wrap justify-center gap-2">
      <Button
        type="button"
        look="quiet"
        icon="undo-2"
        aria-label={t('Togli l’ultimo punto')}
        onClick={() => setPoints((before) => before.slice(0, -1))}
      >
        {t('Togli l’ultimo')}
      </Button>
      <Button
        type="button"
        look="quiet"
        icon={isHidden ? 'eye-off' : 'eye'}
        aria-label={t('Nascondi il tracciato')}
        aria-pressed={isHidden}
        onClick={() => setHidden((before) => !before)}
      >
        {t('Nascondi')}
      </Button>
    </div>
  )
}

/**
 * A sequence of points: drawn with finger or mouse, tapped point by point, pressed with the keyboard, or typed as digits.
 * The digits are the field of the form: without JavaScript they are all there is.
 * @param sends a sequence drawn in one stroke sends its form when the finger is lifted, as the lock of a phone does
 */
export function PatternPad({
  name,
  label,
  error,
  sends = false,
}: {
  name: string
  label: string
  error?: string | undefined
  sends?: boolean
}) {
  const t = useWords()
  const [points, setPoints] = useState('')
  const [isHidden, setHidden] = useState(false)
  const [isLive, setLive] = useState(false)
  const box = useRef<HTMLFieldSetElement>(null)
  const drawn = points.replace(/[^1-9]/g, '')
  const { sending, pen } = usePen(drawn, setPoints, box, sends)
  useEffect(() => {
    setLive(true)
    // What was typed before this code arrived.
    setPoints(box.current?.querySelector('input')?.value ?? '')
    const stop = () => clearTimeout(sending.current)
    // Pressing the button as well sends one attempt, not two.
    box.current?.form?.addEventListener('submit', stop)
    return stop
  }, [sending])

  return (
    <fieldset ref={box} className="grid justify-items-start gap-4">
      <legend className="mb-2 font-semibold text-ink">{label}</legend>
      <div hidden={!isLive} className="grid w-full max-w-80 justify-items-center gap-3">
        <Points drawn={drawn} isHidden={isHidden} pen={pen} setPoints={setPoints} />
        <p role="status" className="text-muted">
          {pointsInWords(drawn.length, t)}
        </p>
        <PadButtons isHidden={isHidden} setHidden={setHidden} setPoints={setPoints} />
      </div>
      <Field
        name={name}
        label={t('Scrivi i numeri')}
        hint={t(
          'I punti sono numerati da 1 a 9, come i tasti del telefono: da sinistra a destra, dall’alto in basso.',
        )}
        error={error}
        type={isHidden ? 'password' : 'text'}
        inputMode="numeric"
        autoComplete="off"
        required
        value={points}
        onChange={(event) => setPoints(event.target.value)}
      />
    </fieldset>
  )
}
