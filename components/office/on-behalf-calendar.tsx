'use client'

import { useState } from 'react'
import { type CalendarPaths, MealCalendar } from '#components/meals/meal-calendar.tsx'
import type { Day } from '#lib/kernel/day.ts'
import { CONTACTS } from '#lib/meals/meal-contact.ts'
import type { MonthView } from '#lib/meals/month-view.ts'
import { CONTACT_FIELD, NOTE_FIELD } from '#lib/meals/office/on-behalf.address.ts'
import { ContactFields } from './contact-fields.tsx'

/** The family's own calendar of a child, in which each change says how the family asked the office for it. */
export function OnBehalfCalendar(props: {
  view: MonthView
  childName: string
  caption: string
  today: Day
  paths: CalendarPaths
}) {
  const [asked, setAsked] = useState<{ contact: string; note: string }>({ contact: CONTACTS.phone, note: '' })
  return (
    <>
      <div className="mb-6 rounded-lg border border-line bg-white p-4" data-surface>
        <ContactFields onChange={(field, value) => setAsked((before) => ({ ...before, [field]: value }))} />
      </div>
      <MealCalendar
        {...props}
        onBehalf={{ more: { [CONTACT_FIELD]: asked.contact, [NOTE_FIELD]: asked.note } }}
      />
    </>
  )
}
