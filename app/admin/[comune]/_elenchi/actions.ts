'use server'

import { notFound, redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { dropView as drop, keepView as keep } from '#lib/lists/list-view.commands.ts'
import { dropViewInput, keepViewInput } from '#lib/lists/list-view.input.ts'
import { openableList } from './lists.ts'

/** Keeps the view of a page under a name, and opens it. */
export const keepView = staffAction({
  capability: 'views:keep',
  input: keepViewInput,
  run: async (viewer, { list, name, query }, municipalitySlug) => {
    const description = openableList(viewer, list)
    if (!description) notFound()
    const kept = await keep(viewer, description, { name, query })
    if (!kept.ok) return kept
    redirect(`/admin/${municipalitySlug}/${list}?${kept.value.query}`)
  },
})

/** Takes one of the own views away, and opens the page as it was. */
export const dropView = staffAction({
  capability: 'views:keep',
  input: dropViewInput,
  run: async (viewer, { list, query, id }, municipalitySlug) => {
    if (!openableList(viewer, list)) notFound()
    await drop(viewer, id)
    redirect(`/admin/${municipalitySlug}/${list}?${new URLSearchParams(query)}`)
  },
})
