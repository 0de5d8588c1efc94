export { default as PlansPage } from './PlansPage.svelte';
export { default as PlanWizard } from './PlanWizard.svelte';
