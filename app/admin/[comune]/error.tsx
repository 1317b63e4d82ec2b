'use client'

export { default } from '../../[comune]/error.tsx'
