export { maskEntry, maskNumber, scrub } from '../engine/mask.js'
