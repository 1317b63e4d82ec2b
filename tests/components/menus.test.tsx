import { cleanup, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'
import { ChildMenu } from '#components/menus/child-menu.tsx'
import { DayDishes } from '#components/menus/day-dishes.tsx'
import { RatingForm } from '#components/menus/rating-form.tsx'
import { CheckList } from '#components/office/menus/check-list.tsx'
import { SchoolOpinions } from '#components/office/menus/opinions.tsx'
import { WeekForm } from '#components/office/menus/week-form.tsx'
import type { DayMenu, ForDiet } from '#lib/menus/day-menu.ts'
import type { Dish } from '#lib/menus/dish.ts'

const dish = (name: string, given: Partial<Dish> = {}): Dish => ({
  id: name,
  name,
  course: 'primo',
  ingredients: '',
  allergens: ['gluten', 'milk'],
  unsuitedDiets: [],
  ...given,
})

const served = (forDiet: ForDiet, given: Partial<Dish> = {}): DayMenu => ({
  kind: 'served',
  lines: [{ dish: dish('Lasagne', given), changed: null, forDiet }],
})

const shown = (menu: DayMenu): string => {
  const { container } = render(<DayDishes menu={menu} />)
  return container.textContent ?? ''
}

describe('a day’s dishes', () => {
  test('have their allergens in words', () => {
    expect(shown(served({ kind: 'same' }))).toContain(
      'Allergeni: cereali contenenti glutine, latte e lattosio.',
    )
  })

  test('say when they are not declared, and do not call that none', () => {
    expect(shown(served({ kind: 'same' }, { allergens: null }))).toContain('Allergeni non ancora dichiarati')
    cleanup()
    expect(shown(served({ kind: 'same' }, { allergens: [] }))).toContain('Nessuno dei 14 allergeni.')
  })

  test('show what a diet eats, instead of what, with the allergens of what it eats', () => {
    const words = shown(served({ kind: 'instead', dish: dish('Polenta', { allergens: [] }) }))
    expect(words).toContain('Polenta al posto di Lasagne')
    expect(words).not.toContain('glutine')
  })

  test('send who finds nothing written to the canteen, and never call a dish safe', () => {
    for (const kind of ['ask', 'without', 'same'] as const) {
      const words = shown(served({ kind }))
      expect(words).not.toMatch(/sicur|adatto a|senza rischi/i)
      if (kind === 'ask') expect(words).toContain('chiedi al gestore')
      cleanup()
    }
  })

  test('tell a change with its reason, and a closed day with its own', () => {
    const changed: DayMenu = {
      kind: 'served',
      lines: [
        {
          dish: dish('Riso'),
          changed: { from: dish('Lasagne'), reason: 'Il forno è guasto' },
          forDiet: { kind: 'same' },
        },
      ],
    }
    expect(shown(changed)).toContain('Cambio di menù: era Lasagne. Il forno è guasto.')
    cleanup()
    expect(shown({ kind: 'closed', reason: 'Sciopero' })).toBe('Mensa chiusa: Sciopero.')
  })
})

describe('a child’s menu', () => {
  const child = {
    pupilId: 'p1',
    givenName: 'Greta',
    schoolName: 'Primaria',
    asked: false,
    days: [
      {
        day: '2026-11-24',
        menu: served({ kind: 'instead', dish: dish('Pasta di riso', { allergens: [] }) }),
      },
    ],
    toRate: [],
    opinions: new Map(),
  }

  test('says today’s replacement in a sentence, with the diet’s name for the holder', () => {
    render(
      <ChildMenu
        municipalitySlug="mozzecane"
        today="2026-11-24"
        child={{ ...child, diet: { code: 'D01', name: 'Senza glutine' } }}
      />,
    )
    const region = screen.getByRole('region', { name: 'Il menù di Greta' })
    expect(region).toHaveTextContent('Per Greta, dieta senza glutine: Pasta di riso al posto di Lasagne.')
    expect(region).toHaveTextContent('Un piatto senza sostituzione non vuol dire che sia adatto')
  })

  test('says it with the diet’s code for a delegate', () => {
    render(
      <ChildMenu
        municipalitySlug="mozzecane"
        today="2026-11-24"
        child={{ ...child, diet: { code: 'D01', name: null } }}
      />,
    )
    expect(screen.getByRole('region')).toHaveTextContent('Per Greta, dieta D01:')
    expect(screen.getByRole('region')).not.toHaveTextContent(/glutine/)
  })

  test('asks how it went, and shows what the school thinks', () => {
    render(
      <ChildMenu
        municipalitySlug="mozzecane"
        today="2026-11-25"
        child={{
          ...child,
          diet: null,
          days: [{ day: '2026-11-24', menu: served({ kind: 'same' }) }],
          toRate: [{ serviceDayId: 's1', day: '2026-11-24', changedAt: null }],
          opinions: new Map([['Lasagne', { answers: 10, liked: 8, soSo: 1, notEaten: 1 }]]),
        }}
      />,
    )
    expect(screen.getByText('Piace a 80 bambini su 100 di questa scuola')).toBeVisible()
    expect(screen.getByRole('link', { name: 'Racconta martedì 24 novembre' })).toHaveAttribute(
      'href',
      '/mozzecane/menu-figli/giudizio?figlio=p1&pasto=s1',
    )
    // What there is to eat comes first.
    const [dish, question] = [screen.getByText('Lasagne'), screen.getByText('Com’è andata a tavola?')]
    expect(dish.compareDocumentPosition(question)).toBe(Node.DOCUMENT_POSITION_FOLLOWING)
  })
})

test('a rating has three faces with words for each dish, and what was said is chosen', () => {
  render(
    <RatingForm
      municipalitySlug="mozzecane"
      pupilId="p1"
      meal={{
        serviceDayId: 's1',
        dishes: [{ id: 'a', name: 'Lasagne' }],
        scores: { a: 2 },
        comment: 'Poca',
      }}
      action={async (state) => state}
    />,
  )
  const group = screen.getByRole('group', { name: 'Lasagne' })
  const names = within(group)
    .getAllByRole('radio')
    .map((radio) => [
      (radio as HTMLInputElement).labels?.[0]?.textContent,
      (radio as HTMLInputElement).checked,
    ])
  expect(names).toEqual([
    ['Mi è piaciuto', false],
    ['Così così', true],
    ['Non l’ho mangiato', false],
  ])
  expect(screen.getByRole('textbox')).toHaveValue('Poca')
})

describe('the office', () => {
  test('chooses the dishes of a week by course and day; two side dishes have two rows', () => {
    const dishes = [
      { id: 'a', name: 'Riso', course: 'primo' as const },
      { id: 'b', name: 'Carote', course: 'contorno' as const },
      { id: 'c', name: 'Piselli', course: 'contorno' as const },
    ]
    render(
      <WeekForm
        hidden={{ municipalitySlug: 'mozzecane' }}
        version={1}
        week={1}
        weekdays={[1, 2]}
        dishes={dishes}
        saved={{ 'g-1[]': 'a,b,c', 'g-2[]': '' }}
        here="/menu"
        action={async (state) => state}
      />,
    )
    expect(screen.getByRole('combobox', { name: 'Primo, lunedì' })).toHaveValue('a')
    expect(screen.getByRole('combobox', { name: 'Primo, martedì' })).toHaveValue('')
    const sides = screen.getAllByRole<HTMLSelectElement>('combobox', { name: 'Contorno, lunedì' })
    expect(sides.map(({ value }) => value)).toEqual(['b', 'c'])
  })

  test('reads a long name whole, also after choosing another', async () => {
    const long = 'Lasagne al forno con ragù di verdure di stagione e besciamella senza lattosio'
    const dishes = [
      { id: 'a', name: 'Riso', course: 'primo' as const },
      { id: 'b', name: long, course: 'primo' as const },
    ]
    const { container } = render(
      <WeekForm
        hidden={{ municipalitySlug: 'mozzecane' }}
        version={1}
        week={1}
        weekdays={[1]}
        dishes={dishes}
        saved={{ 'g-1[]': 'a' }}
        here="/menu"
        action={async (state) => state}
      />,
    )
    const box = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Primo, lunedì' })
    const shown = () => box.previousElementSibling?.textContent
    expect(shown()).toBe('Riso')
    await userEvent.selectOptions(box, long)
    expect(shown()).toBe(long)
    expect(new FormData(container.querySelector('form') as HTMLFormElement).get('g-1[]')).toBe('b')
  })

  test('reads what stands before publishing, each with its way', () => {
    render(
      <CheckList
        findings={[
          { kind: 'empty-day', week: 2, weekday: 5 },
          { kind: 'no-allergens', dishId: 'x', dishName: 'Riso' },
          { kind: 'no-replacement', dishId: 'x', dishName: 'Riso', diet: 'D01' },
        ]}
        diets={[{ code: 'D01', name: 'Senza glutine' }]}
        links={{ week: (week) => `?w=${week}`, dish: (id) => `/piatti/${id}`, replacements: '/sostituzioni' }}
      />,
    )
    expect(screen.getAllByRole('link').map((link) => [link.textContent, link.getAttribute('href')])).toEqual([
      ['Nessun piatto venerdì della settimana 2', '?w=2'],
      ['Allergeni da dichiarare: Riso', '/piatti/x'],
      ['Senza glutine: manca la sostituzione di Riso', '/sostituzioni'],
    ])
  })

  test('sees opinions as a drawing with its table, and none below five answers', () => {
    render(
      <SchoolOpinions
        id="a"
        name="Primaria"
        dishes={[{ dishId: 'a', name: 'Riso', course: 'primo', answers: 10, liked: 7, soSo: 2, notEaten: 1 }]}
      />,
    )
    expect(screen.getByRole('img', { name: /Primaria/ })).toBeVisible()
    expect(screen.getByRole('table', { name: 'Giudizi: Primaria' })).toHaveTextContent('Riso')
    cleanup()
    render(<SchoolOpinions id="b" name="Primaria" dishes={[]} />)
    expect(screen.getByText(/meno di cinque risposte/)).toBeVisible()
  })
})
