export { default as ActivityPage } from './ActivityPage.svelte';
