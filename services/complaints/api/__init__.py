"""The routes of complaints."""
