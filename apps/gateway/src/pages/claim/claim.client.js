// Without this script the form works as it is, unless the campaign asks for a proof of work.
const form = document.querySelector('form');
const button = form?.querySelector('button');

document.querySelector('[role=alert]')?.focus();

form?.addEventListener('submit', async (event) => {
  const { challenge, bits } = form.dataset;
  if (button.getAttribute('aria-disabled') === 'true') return event.preventDefault();
  button.setAttribute('aria-disabled', 'true');
  document.querySelector('#said').textContent = form.dataset.working;
  if (!challenge) return;
  event.preventDefault();
  form.elements.proof.value = await solve(challenge, Number(bits));
  form.submit();
});

// Coming back to the page from the answer: the button works again.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
