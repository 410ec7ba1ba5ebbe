"""The desk: a small web application for counsellors, made on the server and usable without JavaScript."""
