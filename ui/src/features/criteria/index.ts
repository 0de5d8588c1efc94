export { default as ControlsPage } from './ControlsPage.svelte';
export { default as CriterionPicker } from './CriterionPicker.svelte';
