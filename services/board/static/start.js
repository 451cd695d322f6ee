// Before anything is drawn: the stylesheet shows some parts only where scripts run.
document.documentElement.className += " js-enabled govuk-frontend-supported";
