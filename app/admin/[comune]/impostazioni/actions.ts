'use server'

import { redirect } from 'next/navigation'
import { staffAction } from '#lib/entry/action.request.ts'
import { saveSettings } from '#lib/school/office/settings.commands.ts'
import { settingsInput } from '#lib/school/office/settings.input.ts'

/** Changes what the municipality says of itself. */
export const changeSettings = staffAction({
  capability: 'settings:manage',
  input: settingsInput,
  run: async (viewer, input, municipalitySlug) => {
    const {
      revision,
      name,
      street,
      postcode,
      phone,
      email: mail,
      pec,
      usualColour,
      colour,
      coatOfArms,
      removeCoatOfArms,
      ...rest
    } = input
    const result = await saveSettings(viewer, {
      revision,
      municipality: { name, street, postcode, phone, email: mail, pec },
      settings: { ...rest, colour: usualColour ? null : colour },
      coatOfArms: {
        file: coatOfArms && coatOfArms.size > 0 ? coatOfArms : null,
        remove: removeCoatOfArms !== undefined,
      },
    })
    if (!result.ok) return result
    redirect(`/admin/${municipalitySlug}/impostazioni?fatto=salvate`)
  },
})
